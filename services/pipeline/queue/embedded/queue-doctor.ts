import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { writeTransaction } from '../../../kit/sqlite.ts';
import { entriesOf, type LogBatch } from '../log-queue.ts';
import { highestSeen } from './cursor-file.ts';
import type { Damage } from './embedded-consumer.ts';
import { lockQueue } from './process-lock.ts';
import {
  type BatchRow,
  checksumOf,
  highestGiven,
  openQueueFile,
  queueFile,
  rowColumns,
} from './queue-file.ts';

export interface QueueHealth {
  /** Those that are whole. */
  readonly batches: number;
  readonly entries: number;
  readonly damages: readonly Damage[];
  /** What SQLite itself finds wrong with its file. */
  readonly file: readonly string[];
}

export interface Repair {
  readonly kept: number;
  readonly damages: readonly Damage[];
  /** Where the old file is. */
  readonly aside: string;
}

const mostProblems = 100;

/** Looks at every batch; the pipeline may run. @throws SightlineError SL1702 when the file cannot be opened */
export function verifyQueue(directory: string): QueueHealth {
  return withQueue(directory, (database) => {
    let entries = 0;
    let batches = 0;
    const damages: Damage[] = [];
    for (const found of rows(database)) {
      if ('reason' in found) damages.push(found);
      else {
        batches += 1;
        entries += found.count;
      }
    }
    const file = attempt(() =>
      database
        .prepare(`PRAGMA integrity_check(${mostProblems})`)
        .all()
        .map(({ integrity_check: text }) => String(text))
        .filter((text) => text !== 'ok'),
    );
    return { batches, entries, damages, file: typeof file === 'string' ? [file] : file };
  });
}

/** Every entry that waits, as JSON, damaged batches left out. */
export function* dumpQueue(directory: string): Generator<string> {
  const database = openQueueFile(directory);
  try {
    for (const found of rows(database)) {
      if ('reason' in found) continue;
      for (const entry of entriesOf(found)) {
        yield JSON.stringify({ organization: found.organization, ...entry });
      }
    }
  } finally {
    database.close();
  }
}

/**
 * Writes what is whole into a new file, batch numbers kept, and puts the old one aside.
 * @throws SightlineError SL1720 while the gateway or the ingestor runs
 */
export function repairQueue(directory: string): Repair {
  const locks = [lockQueue(directory, 'gateway'), lockQueue(directory, 'ingestor')];
  try {
    const file = queueFile(directory);
    const aside = `${file}.${Date.now()}.damaged`;
    const { whole, damages, last } = withQueue(directory, (database) => {
      const [kept, lost]: [WholeBatch[], Damage[]] = [[], []];
      for (const found of rows(database)) {
        if ('reason' in found) lost.push(found);
        else kept.push(found);
      }
      return { whole: kept, damages: lost, last: highest(database, directory) };
    });
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
    rmSync(`${aside}-shm`, { force: true });
    withQueue(directory, (database) => fill(database, whole, last));
    return { kept: whole.length, damages, aside };
  } finally {
    for (const lock of locks) lock.release();
  }
}

interface WholeBatch extends LogBatch {
  readonly seq: number;
  readonly appendedAt: number;
}

/** One after another by its number, so that a damaged page costs what is on it and no more. */
function* rows(database: DatabaseSync): Generator<WholeBatch | Damage> {
  const next = database.prepare('SELECT min(seq) AS seq FROM batches WHERE seq > ?');
  const one = database.prepare(`SELECT ${rowColumns} FROM batches NOT INDEXED WHERE seq = ?`);
  let seq = 0;
  for (;;) {
    const after = seq;
    const found = attempt(() => next.get(after));
    if (typeof found === 'string' || found?.seq == null) return;
    seq = Number(found.seq);
    yield wholeOr(
      seq,
      attempt(() => one.get(Number(found.seq)) as unknown as BatchRow | undefined),
    );
  }
}

function wholeOr(seq: number, row: BatchRow | undefined | string): WholeBatch | Damage {
  if (typeof row === 'string') return { batch: seq, reason: row };
  if (row === undefined) return { batch: seq, reason: 'it is missing from the file' };
  const { organization, count, body, traceparent, appended_at: appendedAt } = row;
  const batch = { organization, count, body, ...(traceparent === null ? {} : { traceparent }) };
  if (checksumOf(seq, batch) === row.checksum) return { ...batch, seq, appendedAt };
  return { batch: seq, reason: 'its checksum does not match its bytes' };
}

function fill(database: DatabaseSync, batches: readonly WholeBatch[], last: number): void {
  writeTransaction(database, () => {
    const insert = database.prepare(
      `INSERT INTO batches (seq, organization, count, bytes, appended_at, traceparent, checksum, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const batch of batches) {
      const { seq, organization, count, body, traceparent = null, appendedAt } = batch;
      insert.run(
        seq,
        organization,
        count,
        body.byteLength,
        appendedAt,
        traceparent,
        checksumOf(seq, batch),
        body,
      );
    }
    database.exec("DELETE FROM sqlite_sequence WHERE name = 'batches'");
    database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('batches', ?)").run(last);
  });
}

/** The highest number ever given: none is given twice. */
function highest(database: DatabaseSync, directory: string): number {
  const given = attempt(() => highestGiven(database));
  return Math.max(highestSeen(directory), typeof given === 'string' ? 0 : given);
}

/** The result, or what SQLite says is wrong. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function withQueue<T>(directory: string, use: (database: DatabaseSync) => T): T {
  const database = openQueueFile(directory);
  try {
    return use(database);
  } finally {
    database.close();
  }
}
