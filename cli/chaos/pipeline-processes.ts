import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deliveringNiceness } from '../../infra/local/niceness.ts';
import { freePorts } from '../../infra/local/pick-ports.ts';
import { createKey } from '../../services/log-gateway/keys/manage-keys.ts';
import { ChaosProcess } from './chaos-process.ts';
import { type LokiProcess, lokiProcess } from './loki-process.ts';

/** A process that chaos kills and starts again. */
export interface Victim {
  readonly name: string;
  readonly process: ChaosProcess;
}

/** The whole log pipeline as processes of their own, on free ports and in one directory. */
export interface Pipeline {
  readonly organization: string;
  /** Of an API key that may write. */
  readonly key: string;
  readonly gatewayUrl: string;
  readonly ingestorUrl: string;
  readonly loki: LokiProcess;
  readonly processes: Readonly<Record<'log-gateway' | 'log-ingestor' | 'loki', ChaosProcess>>;
  /** Beside the first one. */
  readonly moreIngestors: readonly (Victim & { readonly url: string })[];
  readonly queueDirectory: string;
}

export interface PipelineOptions {
  /** The binary of Loki. */
  readonly loki: string;
  readonly directory: string;
  /** Where the queue is, on a disk of its own perhaps. */
  readonly queueDirectory: string;
  /** One unless given; more need a queue that can be shared. */
  readonly ingestors?: number;
  readonly env?: NodeJS.ProcessEnv;
}

const organization = 'chaos';

export async function makePipeline(options: PipelineOptions): Promise<Pipeline> {
  const { loki: binary, directory, queueDirectory, ingestors = 1, env = {} } = options;
  const ports = await freePorts(3 + ingestors);
  const [lokiPort = 0, grpcPort = 0, gatewayPort = 0, ingestorPort = 0, ...morePorts] = ports;
  const keyFile = join(directory, 'keys.json');
  const { key } = createKey(keyFile, { name: 'chaos', scopes: ['write'], organizations: [organization] });
  const loki = lokiProcess({ loki: binary, directory: join(directory, 'loki'), port: lokiPort, grpcPort });
  const common = {
    QUEUE_DIRECTORY: queueDirectory,
    KEYS_FILE: keyFile,
    LOKI_URL: loki.url,
    GATEWAY_PORT: String(gatewayPort),
    INGESTOR_BATCH_WAIT_SECONDS: '1',
    LIMITS_REQUESTS_PER_MINUTE: '10000000',
    ...env,
  };
  const service = (name: 'log-gateway' | 'log-ingestor', port: number): ChaosProcess =>
    new ChaosProcess({
      command: process.execPath,
      args: [fileURLToPath(new URL(`../../services/${name}/main.ts`, import.meta.url))],
      env: { ...common, INGESTOR_PORT: String(name === 'log-ingestor' ? port : ingestorPort) },
      ...(name === 'log-ingestor' ? { niceness: deliveringNiceness } : {}),
      readyUrl: `http://127.0.0.1:${port}/metrics`,
    });
  return {
    organization,
    key,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    ingestorUrl: `http://127.0.0.1:${ingestorPort}`,
    loki,
    queueDirectory,
    processes: {
      'log-gateway': service('log-gateway', gatewayPort),
      'log-ingestor': service('log-ingestor', ingestorPort),
      loki: loki.process,
    },
    moreIngestors: morePorts.map((port, index) => ({
      name: `log-ingestor ${index + 2}`,
      url: `http://127.0.0.1:${port}`,
      process: service('log-ingestor', port),
    })),
  };
}

/** The value of a metric without labels. @throws Error when the process does not answer, or has none of that name */
export async function metricOf(url: string, name: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5000) });
  const value = new RegExp(`^${name} (\\S+)`, 'm').exec(await response.text())?.[1];
  if (value === undefined) throw new Error(`${url} has no metric ${name}`);
  return Number(value);
}
