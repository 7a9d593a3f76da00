import type { Load } from './load.ts';

/** What Loki takes of a tenant before it refuses. */
export interface LokiIntake {
  readonly ingestion_rate_mb: number;
  readonly ingestion_burst_size_mb: number;
  readonly per_stream_rate_limit: string;
  readonly per_stream_rate_limit_burst: string;
  readonly max_global_streams_per_user: number;
  readonly shard_streams: { readonly enabled: true; readonly desired_rate: string };
}

/**
 * How many times the mean of a day is taken at a peak: agents that catch up after an hour without Loki send as fast as
 * they are let. Ours; at 20 an hour's lines are in after four minutes.
 */
const peakFactor = 20;

/** Whatever the load: agents catch up at this rate, in MB a second. Eight times Loki's default of 4. */
const leastRate = 32;

/** Streams that a service may have: ten pods, five levels, each again after a roll-out. Ours. */
const streamsPerService = 100;

/** Loki's default is 5000; a cluster that rolls out often has more. */
const leastStreams = 20_000;

/**
 * A stream that brings more than this a second is split, in KB. Source: Loki, `shard_streams.desired_rate`, default 1536KB.
 */
const leastShardRate = 1536;

/** Streams that a single busy one is split into at most. Ours: each costs a chunk in memory. */
const mostShards = 16;

/**
 * Limits of Loki for a load: a stream may bring half of all, and a burst is twice the rate, as in Loki's defaults of
 * 3 MB of 4 MB and 6 MB. Streams are split before the limit of one is reached.
 * Sources: Loki, docs/sources/shared/configuration.md (limits_config) and operations/automatic-stream-sharding.
 */
export function lokiIntake({
  logBytesPerDay,
  services,
}: Pick<Load, 'logBytesPerDay' | 'services'>): LokiIntake {
  const rate = Math.max(leastRate, Math.ceil((logBytesPerDay / 86_400 / 1e6) * peakFactor));
  const streamRate = Math.ceil(rate / 2);
  return {
    ingestion_rate_mb: rate,
    ingestion_burst_size_mb: rate * 2,
    per_stream_rate_limit: `${streamRate}MB`,
    per_stream_rate_limit_burst: `${streamRate * 2}MB`,
    max_global_streams_per_user: Math.max(leastStreams, services * streamsPerService),
    shard_streams: {
      enabled: true,
      desired_rate: `${Math.max(leastShardRate, Math.ceil((streamRate * 1000) / mostShards))}KB`,
    },
  };
}

/** Where no load is said (a laptop): the least of all. */
export const leastIntake = lokiIntake({ logBytesPerDay: 0, services: 0 });
