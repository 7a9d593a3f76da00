import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { freePorts } from '../../infra/local/pick-ports.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import { pushEntryOf } from '../../services/pipeline/loki/line.ts';
import { createPushClient } from '../../services/pipeline/loki/push-client.ts';
import { ChaosProcess } from '../chaos/chaos-process.ts';
import { makePipeline, metricOf, type Pipeline } from '../chaos/pipeline-processes.ts';
import { fastest, type LoadResult, type SendOnce, steady } from './ingest-load.ts';

export interface IngestOptions {
  /** The binaries. */
  readonly loki: string;
  readonly promtail: string;
  /** Of the load at a fixed rate, and of each at the maximum. */
  readonly steadySeconds: number;
  readonly seconds: number;
  readonly say: (text: string) => void;
}

export interface IngestFigures {
  readonly steady: LoadResult;
  readonly fastest: readonly (LoadResult & {
    readonly batch: number;
    /** From the first request until the last of its entries is in Loki. */
    readonly toLokiPerSecond: number;
  })[];
  readonly lokiDirect: LoadResult;
  readonly promtailPush: LoadResult;
  /** The most that each process took, in bytes. */
  readonly memory: { readonly gateway: number; readonly ingestor: number };
}

const batches = [1, 100, 1000] as const;
const steadyRate = 10_000;
const connections = 16;
const peerBatch = 1000;
const bodiesMade = 20;
const drainWithinMs = 600_000;

/** The same lines through the pipeline, into Loki directly, and through Promtail, on this machine, one after another. */
export async function measureIngest(options: IngestOptions): Promise<IngestFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'sightline-bench-'));
  const pipeline = await makePipeline({
    loki: options.loki,
    directory,
    queueDirectory: join(directory, 'queue'),
  });
  const { processes } = pipeline;
  const pool = new Pool(pipeline.gatewayUrl, { connections: 64 });
  const promtail = await promtailTo(pipeline, options.promtail, directory);
  const memory = new PeakMemory(pipeline);
  try {
    for (const name of ['loki', 'log-ingestor', 'log-gateway'] as const) await processes[name].start();
    await promtail.process.start();
    return await measure(options, pipeline, pool, promtail.url, memory);
  } finally {
    memory.stop();
    await pool.close();
    await Promise.all(
      [...Object.values(processes), promtail.process].map((process) => process.end('SIGKILL')),
    );
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(
  { say, seconds, steadySeconds }: IngestOptions,
  pipeline: Pipeline,
  pool: Pool,
  promtailUrl: string,
  memory: PeakMemory,
): Promise<IngestFigures> {
  say('warming up');
  await fastest({ send: toGateway(pool, pipeline, 100), eventsPerRequest: 100, seconds: 3 }, connections);
  await drained(pipeline);
  say(`${steadyRate} events/s for ${steadySeconds} s`);
  const atRate = await steady(
    { send: toGateway(pool, pipeline, 100), eventsPerRequest: 100, seconds: steadySeconds },
    steadyRate,
  );
  await drained(pipeline);
  const atMost = [];
  for (const batch of batches) {
    say(`batches of ${batch} for ${seconds} s`);
    const started = performance.now();
    const plan = { send: toGateway(pool, pipeline, batch), eventsPerRequest: batch, seconds };
    const result = await fastest(plan, batch === 1 ? 64 : connections);
    await drained(pipeline);
    const toLokiPerSecond = result.events / ((performance.now() - started) / 1000);
    atMost.push({ ...result, batch, toLokiPerSecond });
  }
  say(`Loki directly for ${seconds} s`);
  const peer = { eventsPerRequest: peerBatch, seconds };
  const lokiDirect = await fastest({ ...peer, send: toPushApi(pipeline.loki.url) }, 4);
  say(`Promtail for ${seconds} s`);
  const promtailPush = await fastest({ ...peer, send: toPushApi(promtailUrl) }, 4);
  return { steady: atRate, fastest: atMost, lokiDirect, promtailPush, memory: memory.most };
}

/** An entry of about 250 bytes. */
const entryOf = (index: number) => ({
  timestamp: new Date().toISOString(),
  level: 'INFO',
  service: `shop-${index % 5}`,
  host: 'web-1',
  message: `order ${index} was paid with card 4 of customer ${index * 7} in 12 ms`,
  fields: { order: index, currency: 'EUR' },
});

function toGateway(pool: Pool, { key }: Pipeline, size: number): SendOnce {
  const bodies = Array.from({ length: bodiesMade }, (_, body) =>
    JSON.stringify(Array.from({ length: size }, (_, index) => entryOf(body * size + index))),
  );
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  let next = 0;
  return async () => {
    next = (next + 1) % bodies.length;
    const body = bodies[next] ?? '';
    const answer = await pool.request({ path: '/api/v1/logs', method: 'POST', headers, body });
    await answer.body.dump();
    return answer.statusCode === 202;
  };
}

/** The same lines as the ingestor writes them, in protobuf and snappy as it sends them. */
function toPushApi(url: string): SendOnce {
  const client = createPushClient({ url, timeoutMs: 30_000 });
  return async () => {
    const entries = Array.from({ length: peerBatch }, (_, index) => {
      const { service: _service, timestamp: _timestamp, ...entry } = entryOf(index);
      const ns = `${Date.now()}${String(index).padStart(6, '0')}`;
      const own = {
        id: randomUUID(),
        timestamp_ns: ns,
        event_ns: ns,
        level: 'INFO',
        service: 'shop',
      } as const;
      return pushEntryOf({ ...entry, ...own });
    });
    const outcome = await client.push('direct', [{ labels: '{service="shop", log_format="json"}', entries }]);
    return outcome.kind === 'stored';
  };
}

async function promtailTo(pipeline: Pipeline, promtail: string, directory: string) {
  const [port = 0, grpcPort = 0, pushPort = 0, pushGrpcPort = 0] = await freePorts(4);
  const config = join(directory, 'promtail.yaml');
  const listener = (http: number, grpc: number) => ({
    http_listen_address: '127.0.0.1',
    http_listen_port: http,
    grpc_listen_address: '127.0.0.1',
    grpc_listen_port: grpc,
  });
  writeFileSync(
    config,
    toYaml({
      server: listener(port, grpcPort),
      positions: { filename: join(directory, 'positions.yaml') },
      clients: [{ url: `${pipeline.loki.url}/loki/api/v1/push`, tenant_id: 'promtail' }],
      scrape_configs: [
        {
          job_name: 'push',
          loki_push_api: {
            server: listener(pushPort, pushGrpcPort),
            labels: { job: 'push' },
            use_incoming_timestamp: true,
          },
        },
      ],
    }),
  );
  const process = new ChaosProcess({
    command: promtail,
    args: [`-config.file=${config}`],
    readyUrl: `http://127.0.0.1:${port}/metrics`,
  });
  return { process, url: `http://127.0.0.1:${pushPort}` };
}

async function drained({ ingestorUrl }: Pipeline): Promise<void> {
  const deadline = Date.now() + drainWithinMs;
  while ((await metricOf(ingestorUrl, 'log_queue_entries')) > 0) {
    if (Date.now() > deadline) throw new Error(`the queue did not drain within ${drainWithinMs} ms`);
    await delay(250);
  }
}

class PeakMemory {
  readonly #timer: NodeJS.Timeout;
  readonly most = { gateway: 0, ingestor: 0 };

  constructor({ gatewayUrl, ingestorUrl }: Pipeline) {
    this.#timer = setInterval(() => {
      void this.#look('gateway', gatewayUrl);
      void this.#look('ingestor', ingestorUrl);
    }, 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(name: 'gateway' | 'ingestor', url: string): Promise<void> {
    const bytes = await metricOf(url, 'process_resident_memory_bytes').catch(() => 0);
    this.most[name] = Math.max(this.most[name], bytes);
  }
}

export function formatIngest({
  steady: rate,
  fastest: most,
  lokiDirect,
  promtailPush,
  memory,
}: IngestFigures): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const events = (value: number): string => Math.round(value).toLocaleString('en').padStart(9);
  const line = (what: string, result: LoadResult, more = ''): string =>
    `${what.padEnd(32)}${events(result.eventsPerSecond)} events/s   p50 ${ms(result.p50)}, p99 ${ms(result.p99)}` +
    `${result.refused > 0 ? `, ${result.refused} refused` : ''}${more}`;
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return [
    line('202 at a fixed 10,000/s, by 100', rate),
    ...most.map((one) =>
      line(
        `202 at the maximum, by ${one.batch}`,
        one,
        `; gateway to Loki ${events(one.toLokiPerSecond).trim()} events/s`,
      ),
    ),
    line('Loki pushed to directly, by 1000', lokiDirect),
    line('Promtail’s push endpoint, by 1000', promtailPush, ' (acknowledged from memory)'),
    `most memory: log-gateway ${megabytes(memory.gateway)}, log-ingestor ${megabytes(memory.ingestor)}`,
    'not measured: Kafka, an OpenTelemetry Collector',
  ].join('\n');
}
