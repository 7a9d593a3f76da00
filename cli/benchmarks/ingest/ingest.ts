import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { brokerProcess } from '../../chaos/kafka/broker-process.ts';
import { makePipeline, type Pipeline } from '../../chaos/pipeline-processes.ts';
import { gatewayBodies, type NextBody, otlpBodies, pushBodies } from './lines.ts';
import { fastest, type LoadResult, type SendOnce, steady } from './load.ts';
import { mostMemory } from './most-memory.ts';
import { collectorPeer, type Peer, promtailPeer } from './peers.ts';
import { type InLoki, untilInLoki } from './until-in-loki.ts';

/** A binary, or why there is none. */
export type Binary = { readonly path: string } | { readonly missing: string };

export interface IngestOptions {
  /** The binaries. */
  readonly loki: string;
  readonly promtail: string;
  readonly collector: Binary;
  /** Of a broker, where the queue is in Kafka. */
  readonly kafka?: string | undefined;
  /** Of the load at a fixed rate, and of each at the maximum. */
  readonly steadySeconds: number;
  readonly seconds: number;
  readonly say: (text: string) => void;
  /** Ends the measurement with its reason, and what was started for it. */
  readonly signal: AbortSignal;
}

export interface AtMost extends InLoki {
  readonly batch: number;
}

export interface IngestFigures {
  readonly steady: LoadResult;
  readonly fastest: readonly AtMost[];
  /** The largest batches again while nothing is taken from the queue: the gateway alone, at a peak. */
  readonly gatewayAlone: LoadResult;
  readonly lokiDirect: LoadResult;
  /** What of Loki's own speed comes through gateway and ingestor, in each pair of measurements, the least first. */
  readonly shares: readonly number[];
  readonly promtail: AtMost;
  readonly collector: readonly AtMost[] | { readonly missing: string };
  /** The most that each process took, in bytes, where the system tells. */
  readonly memory: Readonly<Record<string, number | undefined>>;
}

const batches = [1, 100, 1000] as const;
/** The largest batches and Loki directly are measured in turn, since the speed of a machine may change in between. */
const pairsMeasured = 3;
export const steadyRate = 10_000;
const connections = 16;
const connectionsOfSingles = 64;
const peerBatch = 1000;

/** The same lines through the pipeline, into Loki directly, and through others, on this machine, one after another. */
export async function measureIngest(options: IngestOptions): Promise<IngestFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'sightline-bench-'));
  const broker =
    options.kafka === undefined ? undefined : await brokerProcess(options.kafka, join(directory, 'kafka'));
  const pipeline = await makePipeline({
    loki: options.loki,
    directory,
    queueDirectory: join(directory, 'queue'),
    env: broker === undefined ? {} : { KAFKA_BROKERS: broker.bootstrap },
  });
  const { processes } = pipeline;
  try {
    await broker?.process.start();
    for (const name of ['loki', 'log-ingestor', 'log-gateway'] as const) await processes[name].start();
    const ours = await measureOurs(options, pipeline);
    const ofIngestor = mostMemory(processes['log-ingestor'].pid);
    await processes['log-ingestor'].end('SIGTERM');
    const gatewayAlone = await measureAlone(options, pipeline);
    const memory = {
      'log-gateway': mostMemory(processes['log-gateway'].pid),
      'log-ingestor': ofIngestor,
      ...(broker === undefined ? {} : { kafka: mostMemory(broker.process.pid) }),
    };
    // What is compared has the machine to itself.
    await processes['log-gateway'].end('SIGTERM');
    await broker?.process.end('SIGTERM');
    return { ...ours, gatewayAlone, ...(await measurePeers(options, pipeline.loki.url, directory, memory)) };
  } finally {
    await Promise.all([...Object.values(processes), broker?.process].map((one) => one?.end('SIGKILL')));
    rmSync(directory, { recursive: true, force: true });
  }
}

function toGateway(pool: Pool, { key }: Pipeline, size: number): SendOnce {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return sender(pool, '/api/v1/logs', headers, gatewayBodies(size), 202);
}

async function measureAlone({ say, seconds, signal }: IngestOptions, pipeline: Pipeline) {
  const pool = new Pool(pipeline.gatewayUrl, { connections });
  try {
    say(`batches of ${peerBatch} for ${seconds} s, and nothing is taken from the queue`);
    const send = toGateway(pool, pipeline, peerBatch);
    return await fastest({ send, eventsPerRequest: peerBatch, seconds, signal }, connections);
  } finally {
    await pool.close();
  }
}

async function measureOurs({ say, seconds, steadySeconds, signal }: IngestOptions, pipeline: Pipeline) {
  const pool = new Pool(pipeline.gatewayUrl, { connections: connectionsOfSingles });
  const plan = (size: number, time: number) => ({
    send: toGateway(pool, pipeline, size),
    eventsPerRequest: size,
    seconds: time,
    signal,
  });
  try {
    const toLoki = { url: pipeline.loki.url, organization: pipeline.organization, signal };
    say('warming up');
    await untilInLoki(toLoki, () => fastest(plan(100, 3), connections));
    say(`${steadyRate} events/s for ${steadySeconds} s`);
    const atRate = await untilInLoki(toLoki, () => steady(plan(100, steadySeconds), steadyRate));
    const atMost = async (batch: number): Promise<AtMost> => {
      say(`batches of ${batch} for ${seconds} s`);
      const result = await untilInLoki(toLoki, () =>
        fastest(plan(batch, seconds), batch === 1 ? connectionsOfSingles : connections),
      );
      return { ...result, batch };
    };
    const smaller: AtMost[] = [];
    for (const batch of batches.slice(0, -1)) smaller.push(await atMost(batch));
    const pairs: Pair[] = [];
    for (let pair = 0; pair < pairsMeasured; pair += 1) {
      const ours = await atMost(peerBatch);
      say(`Loki directly for ${seconds} s`);
      pairs.push({ ours, direct: await direct(pipeline.loki.url, { seconds, signal }) });
    }
    pairs.sort((one, other) => shareOf(one) - shareOf(other));
    const middle = pairs[Math.floor(pairs.length / 2)];
    if (middle === undefined) throw new Error('nothing was measured');
    return {
      steady: atRate,
      fastest: [...smaller, middle.ours],
      lokiDirect: middle.direct,
      shares: pairs.map(shareOf),
    };
  } finally {
    await pool.close();
  }
}

interface Pair {
  readonly ours: AtMost;
  readonly direct: LoadResult;
}

const shareOf = ({ ours, direct: { eventsPerSecond } }: Pair): number =>
  ours.toLokiPerSecond / eventsPerSecond;

type Memory = Readonly<Record<string, number | undefined>>;

async function measurePeers(options: IngestOptions, lokiUrl: string, directory: string, ours: Memory) {
  const { say, seconds, collector, signal } = options;
  say(`Promtail for ${seconds} s`);
  const promtail = await promtailPeer({ binary: options.promtail, lokiUrl, directory });
  const { results: viaPromtail, memory: ofPromtail } = await measurePeer(
    promtail,
    lokiUrl,
    [peerBatch],
    { seconds, signal },
    (pool, size) => toPushApi(pool, pushBodies(size)),
  );
  const [promtailResult] = viaPromtail;
  if (promtailResult === undefined) throw new Error('Promtail was not measured');
  const memory: Memory = { ...ours, Promtail: ofPromtail };
  if ('missing' in collector) return { promtail: promtailResult, collector, memory };
  say(`an OpenTelemetry Collector, ${batches.length} times ${seconds} s`);
  const peer = await collectorPeer({ binary: collector.path, lokiUrl, directory });
  const viaCollector = await measurePeer(peer, lokiUrl, batches, { seconds, signal }, (pool, size) =>
    sender(pool, '/v1/logs', otlpHeaders, otlpBodies(size), 200),
  );
  return {
    promtail: promtailResult,
    collector: viaCollector.results,
    memory: { ...memory, 'OpenTelemetry Collector': viaCollector.memory },
  };
}

const otlpHeaders = { 'content-type': 'application/x-protobuf' };

type HowLong = Pick<IngestOptions, 'seconds' | 'signal'>;

async function direct(lokiUrl: string, howLong: HowLong): Promise<LoadResult> {
  const pool = new Pool(lokiUrl, { connections });
  try {
    const send = toPushApi(pool, pushBodies(peerBatch), 'direct');
    return await fastest({ send, eventsPerRequest: peerBatch, ...howLong }, 4);
  } finally {
    await pool.close();
  }
}

function toPushApi(pool: Pool, next: NextBody, organization?: string): SendOnce {
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    ...(organization === undefined ? {} : { 'x-scope-orgid': organization }),
  };
  return sender(pool, '/loki/api/v1/push', headers, next, 204);
}

function sender(
  pool: Pool,
  path: string,
  headers: Readonly<Record<string, string>>,
  next: NextBody,
  success: number,
): SendOnce {
  return async () => {
    const answer = await pool.request({ path, method: 'POST', headers, body: next() });
    await answer.body.dump();
    return answer.statusCode === success;
  };
}

async function measurePeer(
  { process, url, organization }: Peer,
  lokiUrl: string,
  sizes: readonly number[],
  howLong: HowLong,
  send: (pool: Pool, size: number) => SendOnce,
): Promise<{ readonly results: readonly AtMost[]; readonly memory: number | undefined }> {
  const pool = new Pool(url, { connections: connectionsOfSingles });
  try {
    await process.start();
    const results: AtMost[] = [];
    for (const batch of sizes) {
      const plan = { send: send(pool, batch), eventsPerRequest: batch, ...howLong };
      const result = await untilInLoki({ url: lokiUrl, organization, signal: howLong.signal }, () =>
        fastest(plan, batch === 1 ? connectionsOfSingles : connections),
      );
      results.push({ ...result, batch });
    }
    return { results, memory: mostMemory(process.pid) };
  } finally {
    await pool.destroy();
    await process.end('SIGKILL');
  }
}
