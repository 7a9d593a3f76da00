import { join } from 'node:path';
import { Pool } from 'undici';
import { makeDirectory } from '../../../telemetry/make-directory.ts';
import type { LokiProcess } from '../../chaos/loki-process.ts';
import { pushBodies } from './lines.ts';
import { fastest, type LoadResult } from './load.ts';
import {
  type AtMost,
  batches,
  connectionsFor,
  connectionsOfSingles,
  type HowLong,
  largest,
  type Memory,
} from './measured.ts';
import { mostMemory } from './most-memory.ts';
import { collectorPeer, type Peer, promtailPeer } from './peers.ts';
import { fastestTo, type ToPeer, toCollector, toPushApi } from './senders.ts';
import { untilInLoki } from './until-in-loki.ts';

/** A binary, or why there is none. */
export type Binary = { readonly path: string } | { readonly missing: string };

export interface PeersOptions extends HowLong {
  /** The binaries. */
  readonly promtail: string;
  readonly collector: Binary;
  readonly loki: LokiProcess;
  readonly directory: string;
  readonly say: (text: string) => void;
}

interface CollectorFigures {
  readonly fastest: readonly AtMost[];
  /** The largest batches while Loki is away, as the gateway without its ingestor. */
  readonly alone: LoadResult;
}

export interface PeerFigures {
  readonly promtail: AtMost;
  readonly collector: CollectorFigures | { readonly missing: string };
  readonly memory: Memory;
}

/** What others make of the same lines, each with the machine to itself. Loki is away after it. */
export async function measurePeers(options: PeersOptions): Promise<PeerFigures> {
  const { say, seconds, signal, collector, loki, directory } = options;
  const howLong = { seconds, signal };
  say(`Promtail for ${seconds} s`);
  const viaPromtail = await measurePeer(
    await promtailPeer({ binary: options.promtail, lokiUrl: loki.url, directory }),
    loki.url,
    [largest],
    howLong,
    (pool, size) => toPushApi(pool, pushBodies(size)),
  );
  const [promtail] = viaPromtail.results;
  if (promtail === undefined) throw new Error('Promtail was not measured');
  const memory: Memory = { Promtail: viaPromtail.memory };
  if ('missing' in collector) return { promtail, collector, memory };
  say(`an OpenTelemetry Collector, ${batches.length} times ${seconds} s`);
  const peer = async (name: string): Promise<Peer> => {
    const own = join(directory, name);
    makeDirectory(own);
    return collectorPeer({ binary: collector.path, lokiUrl: loki.url, directory: own });
  };
  const viaCollector = await measurePeer(await peer('collector'), loki.url, batches, howLong, toCollector);
  say(`a Collector once more, ${seconds} s while Loki is away`);
  await loki.process.end('SIGTERM');
  const alone = await measureAlone(await peer('collector-alone'), howLong);
  return {
    promtail,
    collector: { fastest: viaCollector.results, alone },
    memory: { ...memory, 'OpenTelemetry Collector': viaCollector.memory },
  };
}

async function measureAlone({ process, url }: Peer, howLong: HowLong): Promise<LoadResult> {
  try {
    await process.start();
    return await fastestTo(url, toCollector, howLong);
  } finally {
    await process.end('SIGKILL');
  }
}

async function measurePeer(
  { process, url, organization }: Peer,
  lokiUrl: string,
  sizes: readonly number[],
  howLong: HowLong,
  send: ToPeer,
): Promise<{ readonly results: readonly AtMost[]; readonly memory: number | undefined }> {
  const pool = new Pool(url, { connections: connectionsOfSingles });
  try {
    await process.start();
    const results: AtMost[] = [];
    for (const batch of sizes) {
      const plan = { send: send(pool, batch), eventsPerRequest: batch, ...howLong };
      const result = await untilInLoki({ url: lokiUrl, organization, signal: howLong.signal }, () =>
        fastest(plan, connectionsFor(batch)),
      );
      results.push({ ...result, batch });
    }
    return { results, memory: mostMemory(process.pid) };
  } finally {
    await pool.destroy();
    await process.end('SIGKILL');
  }
}
