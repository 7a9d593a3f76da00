import type { Load } from './load.ts';

/**
 * Bytes of a sample on disk: 1 to 2 on average, so the upper of the two.
 * Source: Prometheus, docs/storage.md, "Prometheus stores an average of only 1-2 bytes per sample".
 */
const bytesPerSample = 2;

/**
 * Bytes that Prometheus needs for samples, which is what `retentionSize` has to be at least.
 * Formula: Prometheus, docs/storage.md, needed_disk_space = retention_time_seconds × ingested_samples_per_second ×
 * bytes_per_sample.
 * @param days how long samples are kept
 * @param scrapeSeconds between two scrapes
 */
export const prometheusBytes = (
  { series }: Pick<Load, 'series'>,
  days: number,
  scrapeSeconds: number,
): number => ((days * 86_400) / scrapeSeconds) * series * bytesPerSample;

/**
 * How much smaller lines are in Loki's chunks (gzip, Loki's default `chunk_encoding`). JSON lines of the services come
 * out better than this: test/binaries/sizing.test.ts holds a real Loki against it.
 */
export const logCompression = 4;

/** Of a volume, what may be full: writes of the log, the index and compactions take the rest. Ours. */
const usableShare = 0.8;

/** Bytes of the volume that Loki keeps chunks, index and write-ahead log on. @param days how long lines are kept */
export const lokiVolumeBytes = ({ logBytesPerDay }: Pick<Load, 'logBytesPerDay'>, days: number): number =>
  // The compactor deletes by whole index tables of a day, up to two hours late: one day more than asked for.
  (logBytesPerDay * (days + 1)) / logCompression / usableShare;

/**
 * The most that a single Loki is meant for, in bytes a day. Source: Loki, docs/sources/get-started/deployment-modes.md,
 * "small read/write volumes of up to approximately 20GB per day".
 */
export const singleLokiBytesPerDay = 20e9;
