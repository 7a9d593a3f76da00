import { isDistributed } from '../config/loki.ts';
import type { EnvironmentConfig } from '../config.ts';
import type { Load } from '../sizing/load.ts';
import { logCompression } from '../sizing/storage.ts';

/** What is kept on a disk of the instance's own. */
type Disk =
  /** The write-ahead log and what is not in the bucket yet: as large as the environment says. */
  | 'wal'
  /** Copies of the index, or samples on their way: what is lost is fetched or counted again. */
  | 'working';

interface LokiTarget {
  readonly does: string;
  /** Instances however little comes in. */
  readonly least: number;
  /** More would work against each other. */
  readonly single?: true;
  readonly disk?: Disk;
  /** Instances must be on different nodes: one that is lost takes one copy of each line. In different zones where they can. */
  readonly apart?: true;
  /** MiB that an instance takes before any line has come in. Ours, rounded up from `npm run test:distributed`. */
  readonly idle: number;
  /** How long it may take to end, in seconds: it writes what it holds, or answers what was asked. */
  readonly graceSeconds: number;
  /** Instances, and cores and GiB of all of them, at 3 TB a day (Loki, docs/sources/setup/size, less than 100TB/month). */
  readonly at3TB: { readonly instances: number; readonly cores: number; readonly memory: number };
}

/** Every line is kept by this many ingesters, and taken when more than half of them have it in their log. */
export const replicationFactor = 3;

const targets = {
  distributor: {
    does: 'takes lines and hands each to three ingesters',
    least: 2,
    idle: 128,
    graceSeconds: 60,
    at3TB: { instances: 4, cores: 8, memory: 2 },
  },
  ingester: {
    does: 'keeps new lines, in memory and in a write-ahead log, until their chunk is in the bucket',
    least: replicationFactor,
    idle: 512,
    disk: 'wal',
    apart: true,
    graceSeconds: 300,
    at3TB: { instances: 6, cores: 12, memory: 24 },
  },
  querier: {
    does: 'reads from ingesters and the bucket',
    least: 2,
    idle: 128,
    graceSeconds: 60,
    at3TB: { instances: 10, cores: 10, memory: 10 },
  },
  'query-frontend': {
    does: 'takes queries, splits them and keeps results',
    least: 2,
    idle: 128,
    graceSeconds: 60,
    at3TB: { instances: 2, cores: 2, memory: 4 },
  },
  'query-scheduler': {
    does: 'queues parts of queries for the queriers',
    least: 2,
    idle: 128,
    graceSeconds: 60,
    at3TB: { instances: 2, cores: 2, memory: 1 },
  },
  'index-gateway': {
    does: 'answers where lines are, from its copy of the index',
    least: 2,
    idle: 128,
    disk: 'working',
    graceSeconds: 60,
    at3TB: { instances: 4, cores: 2, memory: 8 },
  },
  compactor: {
    does: 'merges index files, and deletes what is older than the retention',
    least: 1,
    idle: 128,
    single: true,
    disk: 'working',
    graceSeconds: 300,
    at3TB: { instances: 1, cores: 2, memory: 10 },
  },
  'pattern-ingester': {
    does: 'finds patterns in new lines, and keeps those of three hours in memory: who is lost takes its part along',
    least: 2,
    idle: 128,
    graceSeconds: 60,
    // The page has none; reckoned as a third of the ingesters, whose lines it sees once and does not keep.
    at3TB: { instances: 2, cores: 4, memory: 8 },
  },
  ruler: {
    does: 'evaluates log rules and sends alerts',
    least: 2,
    idle: 128,
    disk: 'working',
    graceSeconds: 60,
    // The page has none; reckoned as two queriers.
    at3TB: { instances: 2, cores: 2, memory: 2 },
  },
} as const satisfies Readonly<Record<string, LokiTarget>>;

export type LokiTargetName = keyof typeof targets;

/** The processes of a distributed Loki, by the name of their `-target`. */
export const lokiTargets: Readonly<Record<LokiTargetName, LokiTarget>> = targets;

export const lokiTargetNames = Object.keys(lokiTargets) as readonly LokiTargetName[];

/** Memcached beside the targets, by what it keeps. */
export const lokiCaches = {
  chunks: { name: 'loki-chunks-cache', does: 'keeps chunks that were read from the bucket', maxItem: '2m' },
  results: { name: 'loki-results-cache', does: 'keeps answers of the query-frontend', maxItem: '5m' },
} as const;

/** Memory of each cache for a load, in MiB: chunks of two hours, a tenth of that for answers, and not less than (ours). */
export function cacheMemory({ logBytesPerDay }: Pick<Load, 'logBytesPerDay'>): {
  readonly [cache in keyof typeof lokiCaches]: number;
} {
  const chunks = logBytesPerDay / 12 / logCompression / 2 ** 20;
  return { chunks: Math.ceil(Math.max(512, chunks)), results: Math.ceil(Math.max(128, chunks / 10)) };
}

/** Whom lines are pushed to and queries are asked of: names of Services, or of containers. */
export const lokiHosts = ({ loki }: Pick<EnvironmentConfig, 'loki'>) =>
  isDistributed(loki)
    ? ({ push: 'loki-distributor', query: 'loki-query-frontend' } as const)
    : ({ push: 'loki', query: 'loki' } as const);

const share = ({ logBytesPerDay }: Pick<Load, 'logBytesPerDay'>): number => logBytesPerDay / 3e12;

/** How many instances of a target a load takes. */
export function instancesFor(name: LokiTargetName, load: Pick<Load, 'logBytesPerDay'>): number {
  const { least, single, at3TB } = lokiTargets[name];
  return single ? 1 : Math.max(least, Math.ceil(at3TB.instances * share(load)));
}

/** What one instance needs for a load, in cores and MiB: its part of the whole, and what it takes without work. */
export function needOf(
  name: LokiTargetName,
  load: Pick<Load, 'logBytesPerDay'>,
): { readonly cores: number; readonly memory: number } {
  const { at3TB, idle } = lokiTargets[name];
  const part = share(load) / instancesFor(name, load);
  return { cores: 0.1 + at3TB.cores * part, memory: idle + at3TB.memory * 1024 * part };
}
