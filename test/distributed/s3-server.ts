import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheRoot } from '../../infra/local/toolchain/cache.ts';
import { runCommand } from '../../infra/local/toolchain/run-command.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

/** A server of S3's protocol from PyPI: <https://docs.getmoto.org/en/latest/docs/server_mode.html>. */
const moto = { package: 'moto[s3,server]', version: '5.2.5' } as const;

/** Longest that pip may take, in milliseconds: 60 MB in some thirty packages. */
const pipTimeoutMs = 600_000;

export interface S3Server {
  /** `host:port` of plain HTTP. */
  readonly endpoint: string;
  readonly createBucket: (name: string) => Promise<void>;
  /** Names of the objects whose name begins so, a thousand at most. */
  readonly objects: (bucket: string, prefix: string) => Promise<readonly string[]>;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Where moto's packages are, or why they cannot be had. They are got once a machine, into the cache of tools. */
export async function motoPackages(): Promise<{ readonly path: string } | { readonly missing: string }> {
  const python = await runCommand('python3', ['-c', 'import sys; print(*sys.version_info[:2], sep=".")'], {
    timeoutMs: 60_000,
  });
  if (python.exitCode !== 0) return { missing: `python3 does not run: ${python.output.trim()}` };
  const root = join(dirname(cacheRoot(process.env)), 'python');
  const path = join(root, `moto-${moto.version}-python${python.output.trim()}`);
  if (await isThere(path)) return { path };
  await mkdir(root, { recursive: true });
  const temporary = await mkdtemp(join(root, 'installing-'));
  try {
    const { exitCode, output } = await runCommand(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--target', temporary, `${moto.package}==${moto.version}`],
      { timeoutMs: pipTimeoutMs },
    );
    if (exitCode !== 0) return { missing: `pip cannot install moto: ${output.trim().slice(-500)}` };
    // Another run may have been quicker; what it put there is the same.
    await rename(temporary, path).catch(async (error: unknown) => {
      if (!(await isThere(path))) throw error;
    });
    return { path };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

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
