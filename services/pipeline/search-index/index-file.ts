import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineConfig } from '../config/schema.ts';

/**
 * Which words the lines of a minute have, service by service, so that a search asks Loki only for minutes and services
 * that may have what it looks for.
 * `added` is appended to with every push; `merged` holds minutes that are over, in parts by the words' numbers, so that
 * a search reads few of them. What a row holds is checked: a damaged one counts as having every word, and so does a
 * minute that is in `filled`, which has too many.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS kept (
    id INTEGER PRIMARY KEY CHECK (id = 1), from_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS added (
    organization TEXT NOT NULL, minute INTEGER NOT NULL,
    checksum INTEGER NOT NULL, services TEXT NOT NULL, words BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS added_when ON added (organization, minute);
  CREATE TABLE IF NOT EXISTS merged (
    organization TEXT NOT NULL, minute INTEGER NOT NULL, part INTEGER NOT NULL,
    checksum INTEGER NOT NULL, services TEXT NOT NULL, words BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS merged_when ON merged (organization, minute, part);
  CREATE TABLE IF NOT EXISTS filled (
    organization TEXT NOT NULL, minute INTEGER NOT NULL, PRIMARY KEY (organization, minute)
  ) STRICT, WITHOUT ROWID`;

export const minuteMs = 60_000;
export const partBits = 4;
export const parts = 2 ** partBits;

/** Which part of a minute a word is in: its upper bits, so that a part of what is sorted is one piece. */
export const partOf = (word: number): number => word >>> (32 - partBits);

export const searchIndexFile = (directory: string): string => join(directory, 'search-index.sqlite');

/** Only where one ingestor and the gateway share a directory: with Kafka they may be on many hosts. */
export const hasSearchIndex = ({ search, kafka }: Pick<PipelineConfig, 'search' | 'kafka'>): boolean =>
  search.index && kafka.brokers.length === 0;

/** What is not kept up to date would hide lines: better none. */
export function removeSearchIndex(directory: string): void {
  const path = searchIndexFile(directory);
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}
