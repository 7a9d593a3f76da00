import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { openSqlite, type SqliteOptions, writeTransaction } from '../../../kit/sqlite.ts';
import type { LogBatch } from '../log-queue.ts';

/**
 * The index is what counting reads, without the bodies. Numbers are given out without a gap and never again:
 * one that is missing was damaged.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS batches (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, organization TEXT NOT NULL, count INTEGER NOT NULL,
    bytes INTEGER NOT NULL, appended_at INTEGER NOT NULL, traceparent TEXT, checksum INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS heads ON batches (seq, count, bytes, appended_at)`;

export interface BatchRow {
  readonly seq: number;
  readonly organization: string;
  readonly count: number;
  readonly appended_at: number;
  readonly traceparent: string | null;
  readonly checksum: number;
  readonly body: Uint8Array;
}

export const rowColumns = 'seq, organization, count, appended_at, traceparent, checksum, body';

export const queueFile = (directory: string): string => join(directory, 'queue.sqlite');

/** @throws SightlineError SL1702 when the file or its directory cannot be used */
export function openQueueFile(
  directory: string,
  synchronous: SqliteOptions['synchronous'] = 'FULL',
): DatabaseSync {
  const database = openSqlite(queueFile(directory), { synchronous });
  makeTables(database);
  return database;
}

export function makeTables(database: DatabaseSync): void {
  writeTransaction(database, () => database.exec(schema));
}

/** CRC-32 of all that matters of a row: SQLite itself does not notice a flipped bit in a value. */
export function checksumOf(seq: number, batch: LogBatch): number {
  const { organization, count, traceparent = '', body } = batch;
  return crc32(body, crc32(`${seq}\n${organization}\n${count}\n${traceparent}\n`));
}

/** The highest number that the file says was given. It stays where the rows are deleted or damaged. */
export function highestGiven(database: DatabaseSync): number {
  const row = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'batches'").get();
  return Number(row?.seq ?? 0);
}

export interface WaitingTotals {
  readonly entries: number;
  readonly bytes: number;
  readonly oldestAt: number | null;
}

/** What lies behind a position. */
export function totalsAfter(database: DatabaseSync, seq: number): WaitingTotals {
  const row = database
    .prepare(
      `SELECT coalesce(sum(count), 0) AS entries, coalesce(sum(bytes), 0) AS bytes, min(appended_at) AS oldestAt
       FROM batches INDEXED BY heads WHERE seq > ?`,
    )
    .get(seq);
  return {
    entries: Number(row?.entries),
    bytes: Number(row?.bytes),
    oldestAt: row?.oldestAt == null ? null : Number(row.oldestAt),
  };
}
