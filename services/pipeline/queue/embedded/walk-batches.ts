import type { DatabaseSync } from 'node:sqlite';
import type { QueuedBatch } from '../log-queue.ts';
import { type BatchRow, checksumOf, highestGiven, rowColumns } from './queue-file.ts';

/** A batch that is not given to anybody because it is not what was acknowledged. */
export interface Damage {
  /** Its number in the queue. */
  readonly batch: number;
  /** The last of those that are missing together with it. */
  readonly through?: number;
  readonly reason: string;
}

export interface FoundDamage extends Damage {
  /** What is left of it. */
  readonly row?: BatchRow;
}

export type Found = QueuedBatch | FoundDamage;

/** SQLite's primary result code of a page that is not what it must be. */
const sqliteCorrupt = 11;

/** Without what is left of its bytes. */
export const named = ({ row: _, ...damage }: FoundDamage): Damage => damage;

/** Every number of a damage, but no more than are worth to be written down one by one. */
export function numbersOf({ batch, through = batch }: Damage): readonly number[] {
  return Array.from({ length: Math.min(mostNoted, through - batch + 1) }, (_, index) => batch + index);
}

const mostNoted = 10_000;

export const isDamage = (found: Found): found is FoundDamage => 'reason' in found;

/**
 * The batches after a number in their order, those that are `done` left out. Numbers are without a gap, so each that
 * is not given is named. Where the order is broken or a page is corrupt it goes number by number, so that it costs
 * what is on the page and no more.
 *
 * @param most rows that are looked at
 */
export function* walkBatches(
  database: DatabaseSync,
  after: number,
  done: ReadonlySet<number>,
  most: number,
): Generator<Found> {
  let last = after;
  let looked = 0;
  try {
    const rows = database.prepare(`SELECT ${rowColumns} FROM batches WHERE seq > ? ORDER BY seq LIMIT ?`);
    for (const row of rows.iterate(after, most) as Iterable<unknown> as Iterable<BatchRow>) {
      if (row.seq !== nextOf(last, row.seq, done)) break;
      last = row.seq;
      looked += 1;
      if (!done.has(last)) yield judged(row);
    }
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  }
  yield* byNumber(database, last, done, most - looked);
}

/** The number that must come next, or a `found` one that is done with and may. */
function nextOf(last: number, found: number, done: ReadonlySet<number>): number {
  let next = last + 1;
  while (next < found && done.has(next)) next += 1;
  return next;
}

function* byNumber(
  database: DatabaseSync,
  after: number,
  done: ReadonlySet<number>,
  most: number,
): Generator<Found> {
  const at = finder(database);
  const end = lastNumber(database);
  for (let [number, looked] = [after + 1, 0]; number <= end && looked < most; number += 1, looked += 1) {
    if (done.has(number)) continue;
    const found = at(number);
    if (found !== undefined) yield found;
    else {
      const through = Math.min(end, beforeNext(database, number, done));
      const several = through > number ? { through } : {};
      yield { batch: number, ...several, reason: missing };
      number = through;
    }
  }
}

/** Looks for one batch by its number; there may be none. */
function finder(database: DatabaseSync): (number: number) => Found | undefined {
  const one = database.prepare(`SELECT ${rowColumns} FROM batches NOT INDEXED WHERE seq = ?`);
  return (number) => {
    const row = orReason(() => one.get(number) as unknown as BatchRow | undefined);
    if (typeof row === 'string') return { batch: number, reason: row };
    return row === undefined ? undefined : judged(row);
  };
}

/** The batches of these numbers, of which each was there before. */
export function* batchesAt(database: DatabaseSync, numbers: Iterable<number>): Generator<Found> {
  const at = finder(database);
  for (const number of numbers) yield at(number) ?? { batch: number, reason: missing };
}

const missing = 'it is missing from the file';

/** The last number of a gap: what comes after it is in the table or its index, or done with. */
function beforeNext(database: DatabaseSync, number: number, done: ReadonlySet<number>): number {
  const following = sources
    .map((source) =>
      numberFrom(database, `SELECT min(seq) AS seq FROM batches ${source} WHERE seq > ${number}`),
    )
    .filter((next) => next !== undefined);
  const stored = [...done].filter((next) => next > number);
  return (
    [...following, ...stored].reduce((least, next) => Math.min(least, next), Number.POSITIVE_INFINITY) - 1
  );
}

/** Where numbers stand in the file: in the table and, once more, in its index. */
const sources = ['NOT INDEXED', 'INDEXED BY heads'] as const;

/**
 * The highest number of which there is a row; 0 where there is none. It stands in three places, and one of them may have
 * a flipped bit: what two agree on counts.
 */
export function lastNumber(database: DatabaseSync): number {
  const held = sources
    .map((source) => numberFrom(database, `SELECT max(seq) AS seq FROM batches ${source}`))
    .filter((number) => number !== undefined);
  const given = orReason(() => highestGiven(database));
  const known = [...held, ...(typeof given === 'number' ? [given] : [])].sort((a, b) => a - b);
  return held.length === 0 ? 0 : (known[known.length === 3 ? 1 : 0] ?? 0);
}

/** At least the highest number that was ever given, as far as the file says. */
export function highestKnown(database: DatabaseSync): number {
  const given = orReason(() => highestGiven(database));
  return Math.max(lastNumber(database), typeof given === 'number' ? given : 0);
}

/** Where a consumer begins that does not know what it stored. What is stored twice is one line in Loki. */
export function beforeFirst(database: DatabaseSync, done: ReadonlySet<number>): number {
  const held = sources
    .map((source) => numberFrom(database, `SELECT min(seq) AS seq FROM batches ${source}`))
    .filter((number) => number !== undefined);
  return held.length === 0 ? Math.max(highestGiven(database), ...done) : Math.min(...held) - 1;
}

function numberFrom(database: DatabaseSync, sql: string): number | undefined {
  const found = orReason(() => database.prepare(sql).get());
  return typeof found === 'string' || found?.seq == null ? undefined : Number(found.seq);
}

function judged(row: BatchRow): Found {
  const batch: QueuedBatch = {
    position: String(row.seq),
    organization: row.organization,
    count: row.count,
    body: row.body,
    appendedAt: row.appended_at,
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  };
  if (checksumOf(row.seq, batch) === row.checksum) return batch;
  return { batch: row.seq, reason: 'its checksum does not match its bytes', row };
}

/** The result, or what SQLite says is corrupt. */
function orReason<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (isCorrupt(error)) return error.message;
    throw error;
  }
}

const isCorrupt = (error: unknown): error is Error =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === sqliteCorrupt;
