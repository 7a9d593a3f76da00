import { Pool } from 'undici';
import type { Pipeline } from '../../chaos/pipeline-processes.ts';
import { pushBodies } from './lines.ts';
import { type LoadResult, steady } from './load.ts';
import {
  type AtMost,
  batches,
  connectionsOfSingles,
  type HowLong,
  type IngestFigures,
  largest,
  middleOf,
  type Round,
  shareOf,
} from './measured.ts';
import type { Peer } from './peers.ts';
import { fastestTo, jsonToGateway, otlpToGateway, type Send, toCollector, toPushApi } from './senders.ts';
import { untilInLoki } from './until-in-loki.ts';

interface Measuring extends HowLong {
  readonly lokiUrl: string;
  readonly say: (text: string) => void;
}

export interface TurnsOptions extends Omit<Measuring, 'lokiUrl'> {
  readonly pipeline: Pipeline;
  /** Started, and idle meanwhile. */
  readonly collector: Peer | undefined;
}

/** A way into a Loki. */
export interface Way {
  readonly name: string;
  readonly to: Pick<Peer, 'url' | 'organization'>;
  readonly send: Send;
}

/** The largest batches are measured so often, in turn with others: the speed of a machine may change in between. */
const roundsMeasured = 3;
/** Fewer leave Loki waiting for them, and more bring no more. */
const connectionsToLoki = 4;

/** What the gateway takes, what comes of it to Loki, and what Loki directly and the Collector take of the same, one after another. */
export async function measureInTurn(
  options: TurnsOptions,
): Promise<Pick<IngestFigures, 'json' | 'otlp' | 'rounds'> & { readonly collector: readonly AtMost[] }> {
  const { pipeline, collector } = options;
  const { gatewayUrl: url, organization, key, loki } = pipeline;
  const measuring: Measuring = { ...options, lokiUrl: loki.url };
  const to = { url, organization };
  const json: Way = { name: 'JSON', to, send: jsonToGateway(key) };
  const otlp: Way = { name: 'OTLP', to, send: otlpToGateway(key) };
  const byCollector = (batch: number): Promise<AtMost> | undefined =>
    collector && atMost(measuring, { name: 'OTLP to a Collector', to: collector, send: toCollector }, batch);
  const ofJson: AtMost[] = [];
  const ofOtlp: AtMost[] = [];
  const ofCollector: (AtMost | undefined)[] = [];
  for (const batch of batches) {
    if (batch > 1) ofOtlp.push(await atMost(measuring, otlp, batch));
    if (batch === largest) continue;
    ofJson.push(await atMost(measuring, json, batch));
    ofCollector.push(await byCollector(batch));
  }
  const rounds: Round[] = [];
  for (let round = 0; round < roundsMeasured; round += 1) {
    const ours = await atMost(measuring, json, largest);
    rounds.push({ ours, direct: await direct(measuring), collector: await byCollector(largest) });
  }
  rounds.sort((one, other) => shareOf(one) - shareOf(other));
  const middle = middleOf(rounds);
  if (middle === undefined) throw new Error('nothing was measured');
  return {
    json: [...ofJson, middle.ours],
    otlp: ofOtlp,
    collector: [...ofCollector, middle.collector].filter((one) => one !== undefined),
    rounds,
  };
}

/** At a fixed rate, whether answers come or not; before it, until everything is warm. */
export async function measureSteady(
  { pipeline, say, signal }: TurnsOptions,
  seconds: number,
  rate: number,
): Promise<LoadResult> {
  const { gatewayUrl, organization, key, loki } = pipeline;
  const toLoki = { url: loki.url, organization, signal };
  const send = jsonToGateway(key);
  say('warming up');
  await untilInLoki(toLoki, () => fastestTo(gatewayUrl, send, 100, { seconds: 3, signal }));
  say(`${rate} events/s for ${seconds} s`);
  const pool = new Pool(gatewayUrl, { connections: connectionsOfSingles });
  try {
    const plan = { send: send(pool, 100), eventsPerRequest: 100, seconds, signal };
    return await untilInLoki(toLoki, () => steady(plan, rate));
  } finally {
    await pool.destroy();
  }
}

/** As fast as it is taken, until all of it is in Loki. */
export async function atMost(
  { lokiUrl, say, seconds, signal }: Measuring,
  { name, to, send }: Way,
  batch: number,
): Promise<AtMost> {
  say(`${name}, by ${batch}, for ${seconds} s`);
  const result = await untilInLoki({ url: lokiUrl, organization: to.organization, signal }, () =>
    fastestTo(to.url, send, batch, { seconds, signal }),
  );
  return { ...result, batch };
}

function direct({ lokiUrl, say, seconds, signal }: Measuring): Promise<LoadResult> {
  say(`Loki directly for ${seconds} s`);
  const send: Send = (pool, size) => toPushApi(pool, pushBodies(size), 'direct');
  return fastestTo(lokiUrl, send, largest, { seconds, signal }, connectionsToLoki);
}
