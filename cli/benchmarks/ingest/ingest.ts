import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDirectory } from '../../../telemetry/make-directory.ts';
import { brokerProcess } from '../../chaos/kafka/broker-process.ts';
import { makePipeline, type Pipeline } from '../../chaos/pipeline-processes.ts';
import { atMost, measureInTurn, measureSteady } from './in-turn.ts';
import { pushBodies } from './lines.ts';
import type { LoadResult } from './load.ts';
import {
  type AtMost,
  type Binary,
  type HowLong,
  type IngestFigures,
  largest,
  type Memory,
} from './measured.ts';
import { mostMemory } from './most-memory.ts';
import { collectorPeer, type Peer, promtailPeer } from './peers.ts';
import { fastestTo, jsonToGateway, type Send, toCollector, toPushApi } from './senders.ts';

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

export const steadyRate = 10_000;

/** The same lines through the pipeline, into Loki directly, and through others, on this machine. */
export async function measureIngest(options: IngestOptions): Promise<IngestFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'sightline-bench-'));
  const { kafka, steadySeconds } = options;
  const broker = kafka === undefined ? undefined : await brokerProcess(kafka, join(directory, 'kafka'));
  const pipeline = await makePipeline({
    loki: options.loki,
    directory,
    queueDirectory: join(directory, 'queue'),
    env: broker === undefined ? {} : { KAFKA_BROKERS: broker.bootstrap },
  });
  const { processes, loki } = pipeline;
  const collector = await collectorIn(options, directory, loki.url, 'collector');
  try {
    await broker?.process.start();
    for (const name of ['loki', 'log-ingestor', 'log-gateway'] as const) await processes[name].start();
    const turns = { ...options, pipeline, collector };
    const steady = await measureSteady(turns, steadySeconds, steadyRate);
    await collector?.process.start();
    const inTurn = await measureInTurn(turns);
    const ofTheIngestor = memoryOf({
      'log-ingestor': processes['log-ingestor'],
      'OpenTelemetry Collector': collector?.process,
    });
    await collector?.process.end('SIGKILL');
    await processes['log-ingestor'].end('SIGTERM');
    const gateway = await gatewayAlone(options, pipeline);
    const ofTheGateway = memoryOf({ 'log-gateway': processes['log-gateway'], kafka: broker?.process });
    // What is compared has the machine to itself.
    await processes['log-gateway'].end('SIGTERM');
    await broker?.process.end('SIGTERM');
    const viaPromtail = await measurePromtail(options, directory, loki.url);
    await loki.process.end('SIGTERM');
    const alone = { gateway, collector: await collectorAlone(options, directory, loki.url) };
    return {
      ...{ steady, ...inTurn, alone, promtail: viaPromtail.result },
      collector: 'missing' in options.collector ? options.collector : inTurn.collector,
      memory: { ...ofTheGateway, ...ofTheIngestor, ...viaPromtail.memory },
    };
  } finally {
    const all = [...Object.values(processes), broker?.process, collector?.process];
    await Promise.all(all.map((one) => one?.end('SIGKILL')));
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Of those that run. */
const memoryOf = (processes: Readonly<Record<string, Pick<Peer['process'], 'pid'> | undefined>>): Memory =>
  Object.fromEntries(
    Object.entries(processes).flatMap(([name, one]) =>
      one === undefined ? [] : [[name, mostMemory(one.pid)] as const],
    ),
  );

function gatewayAlone({ say, seconds, signal }: IngestOptions, pipeline: Pipeline): Promise<LoadResult> {
  say(`JSON, by ${largest}, for ${seconds} s, and nothing is taken from the queue`);
  return fastestTo(pipeline.gatewayUrl, jsonToGateway(pipeline.key), largest, { seconds, signal });
}

/** One of a folder of its own, not started; undefined where it cannot be had. */
async function collectorIn(
  { collector }: IngestOptions,
  directory: string,
  lokiUrl: string,
  name: string,
): Promise<Peer | undefined> {
  if ('missing' in collector) return undefined;
  const own = join(directory, name);
  makeDirectory(own);
  return collectorPeer({ binary: collector.path, lokiUrl, directory: own });
}

/** While Loki is away, as the gateway without its ingestor. */
async function collectorAlone(
  options: IngestOptions,
  directory: string,
  lokiUrl: string,
): Promise<LoadResult | undefined> {
  const peer = await collectorIn(options, directory, lokiUrl, 'collector-alone');
  if (peer === undefined) return undefined;
  const { say, seconds, signal } = options;
  say(`OTLP to a Collector, by ${largest}, for ${seconds} s while Loki is away`);
  try {
    await peer.process.start();
    return await fastestTo(peer.url, toCollector, largest, { seconds, signal });
  } finally {
    await peer.process.end('SIGKILL');
  }
}

async function measurePromtail(
  options: IngestOptions,
  directory: string,
  lokiUrl: string,
): Promise<{ readonly result: AtMost; readonly memory: Memory }> {
  const to = await promtailPeer({ binary: options.promtail, lokiUrl, directory });
  const { process } = to;
  const send: Send = (pool, size) => toPushApi(pool, pushBodies(size));
  try {
    await process.start();
    const result = await atMost({ ...options, lokiUrl }, { name: 'Promtail', to, send }, largest);
    return { result, memory: memoryOf({ Promtail: process }) };
  } finally {
    await process.end('SIGKILL');
  }
}
