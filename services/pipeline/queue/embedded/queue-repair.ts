import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openSqlite, writeTransaction } from '../../../kit/sqlite.ts';
import type { QueuedBatch } from '../log-queue.ts';
import { CursorFile, highestSeen } from './cursor-file.ts';
import { lockQueue } from './process-lock.ts';
import { looking, waitingIn } from './queue-doctor.ts';
import { checksumOf, makeTables, queueFile } from './queue-file.ts';
import { beforeFirst, type Damage, highestKnown, isDamage, named, numbersOf } from './walk-batches.ts';

export interface Repair {
  readonly kept: number;
  readonly damages: readonly Damage[];
  /** What was wrong with the consumer's progress; what it may have stored already comes again then. */
  readonly progress: readonly string[];
  /** Where the old file is. */
  readonly aside: string;
}

/** Rows of one transaction. */
const rowsAtOnce = 200;

/**
 * Writes what waits and is whole into a new file, batch numbers kept, and puts the old one aside. Until the new one is
 * whole and synced the old one stands, so it may be killed at any moment and started again.
 *
 * @param onKept told how many are kept so far
 * @throws SightlineError SL1720 while the gateway or the ingestor runs, SL1724 where there is no queue
 */
export function repairQueue(directory: string, onKept: (count: number) => void = () => {}): Repair {
  const locks = [lockQueue(directory, 'gateway'), lockQueue(directory, 'ingestor')];
  const made = `${queueFile(directory)}.repaired`;
  try {
    const progress = mendProgress(directory);
    const { kept, damages } = copyWhole(directory, made, onKept);
    const aside = swap(queueFile(directory), made);
    noteLost(directory, damages);
    return { kept, damages, progress, aside };
  } finally {
    remove(made);
    for (const lock of locks) lock.release();
  }
}

/** The consumer would do so itself; here it is said. */
function mendProgress(directory: string): readonly string[] {
  const file = new CursorFile(directory);
  try {
    const { cursor, done, damages } = file.progress;
    if (damages.length > 0) {
      file.replace(cursor ?? looking(directory, (queue) => beforeFirst(queue, done)), done);
    }
    return damages;
  } finally {
    file.close();
  }
}

function copyWhole(directory: string, to: string, onKept: (count: number) => void) {
  remove(to);
  const target = openSqlite(to, { synchronous: 'NORMAL' });
  try {
    makeTables(target);
    const copied = looking(directory, (source) => {
      const damages: Damage[] = [];
      let kept = 0;
      let some: QueuedBatch[] = [];
      const write = (): void => {
        writeTransaction(target, () => insertAll(target, some));
        kept += some.length;
        some = [];
        onKept(kept);
      };
      for (const found of waitingIn(source, directory).waiting) {
        if (isDamage(found)) damages.push(named(found));
        else if (some.push(found) === rowsAtOnce) write();
      }
      write();
      keepNumbers(target, Math.max(highestKnown(source), highestSeen(directory)));
      return { kept, damages };
    });
    target.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return copied;
  } finally {
    target.close();
  }
}

function insertAll(database: DatabaseSync, batches: readonly QueuedBatch[]): void {
  const insert = database.prepare(
    `INSERT INTO batches (seq, organization, count, bytes, appended_at, traceparent, checksum, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const batch of batches) {
    const { organization, count, body, traceparent = null, appendedAt } = batch;
    const seq = Number(batch.position);
    const checksum = checksumOf(seq, batch);
    insert.run(seq, organization, count, body.byteLength, appendedAt, traceparent, checksum, body);
  }
}

/** None is given twice. */
function keepNumbers(database: DatabaseSync, last: number): void {
  writeTransaction(database, () => {
    database.exec("DELETE FROM sqlite_sequence WHERE name = 'batches'");
    database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('batches', ?)").run(last);
  });
}

/** The old file's log is emptied into it before, since SQLite would take it for the new one's. */
function swap(file: string, made: string): string {
  const aside = `${file}.${Date.now()}.damaged`;
  const old = openSqlite(file, { synchronous: 'FULL' });
  old.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  old.close();
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
  sync(made);
  linkSync(file, aside);
  renameSync(made, file);
  sync(dirname(file));
  return aside;
}

/** They are named now, and the consumer need not miss them once more. */
function noteLost(directory: string, damages: readonly Damage[]): void {
  const file = new CursorFile(directory);
  try {
    for (const { batch, reason } of damages) file.quarantine(batch, reason);
    const { cursor = 0, done } = file.progress;
    file.commit(cursor, [...done, ...damages.flatMap(numbersOf)]);
  } finally {
    file.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function remove(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}
