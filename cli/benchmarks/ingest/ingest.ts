import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { brokerProcess } from '../../chaos/kafka/broker-process.ts';
import { makePipeline, type Pipeline } from '../../chaos/pipeline-processes.ts';
import { pushBodies } from './lines.ts';
import { fastest, type LoadResult, steady } from './load.ts';
import { type Binary, measurePeers, type PeerFigures } from './measure-peers.ts';
import {
  type AtMost,
  batches,
  connections,
  connectionsFor,
  connectionsOfSingles,
  type HowLong,
  largest,
} from './measured.ts';
import { mostMemory } from './most-memory.ts';
import { fastestTo, type ToPeer, toGateway, toPushApi } from './senders.ts';
import { untilInLoki } from './until-in-loki.ts';

export interface IngestOptions extends HowLong {
  /** The binaries. */
  readonly loki: string;
  readonly promtail: string;
  readonly collector: Binary;
  /** Of a broker, where the queue is in Kafka. */
  readonly kafka?: string | undefined;
  /** Of the load at a fixed rate. */
  readonly steadySeconds: number;
  readonly say: (text: string) => void;
}

export interface IngestFigures extends PeerFigures {
  readonly steady: LoadResult;
  readonly fastest: readonly AtMost[];
  /** The largest batches again while nothing is taken from the queue: the gateway alone, at a peak. */
  readonly gatewayAlone: LoadResult;
  readonly lokiDirect: LoadResult;
  /** What of Loki's own speed comes through gateway and ingestor, in each pair of measurements, the least first. */
  readonly shares: readonly number[];
}

/** The largest batches and Loki directly are measured in turn, since the speed of a machine may change in between. */
const pairsMeasured = 3;
export const steadyRate = 10_000;

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
    const peers = await measurePeers({ ...options, loki: pipeline.loki, directory });
    return { ...ours, gatewayAlone, ...peers, memory: { ...memory, ...peers.memory } };
  } finally {
    await Promise.all([...Object.values(processes), broker?.process].map((one) => one?.end('SIGKILL')));
    rmSync(directory, { recursive: true, force: true });
  }
}

function measureAlone({ say, seconds, signal }: IngestOptions, pipeline: Pipeline): Promise<LoadResult> {
  say(`batches of ${largest} for ${seconds} s, and nothing is taken from the queue`);
  const send: ToPeer = (pool, size) => toGateway(pool, pipeline.key, size);
  return fastestTo(pipeline.gatewayUrl, send, { seconds, signal });
}

async function measureOurs({ say, seconds, steadySeconds, signal }: IngestOptions, pipeline: Pipeline) {
  const pool = new Pool(pipeline.gatewayUrl, { connections: connectionsOfSingles });
  const plan = (size: number, time: number) => ({
    send: toGateway(pool, pipeline.key, size),
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
      const result = await untilInLoki(toLoki, () => fastest(plan(batch, seconds), connectionsFor(batch)));
      return { ...result, batch };
    };
    const smaller: AtMost[] = [];
    for (const batch of batches.slice(0, -1)) smaller.push(await atMost(batch));
    const pairs: Pair[] = [];
    for (let pair = 0; pair < pairsMeasured; pair += 1) {
      const ours = await atMost(largest);
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

/** Fewer leave Loki waiting for them, and more bring no more. */
const connectionsToLoki = 4;

const direct = (lokiUrl: string, howLong: HowLong): Promise<LoadResult> =>
  fastestTo(lokiUrl, (pool, size) => toPushApi(pool, pushBodies(size), 'direct'), howLong, connectionsToLoki);
