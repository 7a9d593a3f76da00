import { freePorts } from '../support/ports.ts';
import { pythonPackages } from '../support/python-packages.ts';
import { type RunningTool, startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

/** A server of S3's protocol from PyPI: <https://docs.getmoto.org/en/latest/docs/server_mode.html>. */
const moto = { name: 'moto', version: '5.2.5', extras: ['s3', 'server'] } as const;

export interface S3Server {
  /** `host:port` of plain HTTP. */
  readonly endpoint: string;
  readonly createBucket: (name: string) => Promise<void>;
  /** Names of the objects whose name begins so, a thousand at most. */
  readonly objects: (bucket: string, prefix: string) => Promise<readonly string[]>;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Where moto's packages are, or why they cannot be had. */
export const motoPackages = () => pythonPackages(moto);

export async function startS3(packages: string): Promise<S3Server> {
  const [port = 0] = await freePorts(1);
  const endpoint = `127.0.0.1:${port}`;
  const server: RunningTool = startTool(
    'python3',
    ['-m', 'moto.server', '-H', '127.0.0.1', '-p', `${port}`],
    {
      PYTHONPATH: packages,
      PYTHONUNBUFFERED: '1',
    },
  );
  await waitFor('the S3 server', async () => (await fetch(`http://${endpoint}/`)).ok || undefined);
  return {
    endpoint,
    output: server.output,
    stop: server.stop,
    createBucket: async (name) => {
      const answer = await fetch(`http://${endpoint}/${name}`, { method: 'PUT' });
      if (!answer.ok) throw new Error(`no bucket ${name}: ${answer.status} ${await answer.text()}`);
    },
    objects: async (bucket, prefix) => {
      const answer = await fetch(
        `http://${endpoint}/${bucket}?list-type=2&prefix=${encodeURIComponent(prefix)}`,
      );
      return [...(await answer.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key);
    },
  };
}
