import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogConsumer, QueuedBatch, QueueState, ReadLimit } from '../log-queue.ts';
import { CursorFile } from './cursor-file.ts';
import { lockQueue, type ProcessLock } from './process-lock.ts';
import {
  type BatchRow,
  checksumOf,
  highestGiven,
  openQueueFile,
  rowColumns,
  totalsAfter,
} from './queue-file.ts';

const rowsAtOnce = 1000;
/** SQLite's primary result code of a page that is not what it must be. */
const sqliteCorrupt = 11;

/** A batch that is not given to anybody because it is not what was acknowledged. */
export interface Damage {
  /** Its number in the queue. */
  readonly batch: number;
  readonly reason: string;
}

interface Unreadable {
  readonly seq: number;
  readonly reason: string;
}

export interface EmbeddedConsumerOptions {
  readonly directory: string;
  readonly onDamage: (damage: Damage) => void;
  /** The progress that was written down cannot be trusted: what the queue still has comes again. */
  readonly onLostProgress: (reason: string) => void;
}

/** @throws SightlineError SL1720 when another process consumes, SL1702 when a file cannot be used */
export function openEmbeddedConsumer(options: EmbeddedConsumerOptions): LogConsumer {
  const lock = lockQueue(options.directory, 'ingestor');
  try {
    return new EmbeddedConsumer(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

class EmbeddedConsumer implements LogConsumer {
  readonly #onDamage: EmbeddedConsumerOptions['onDamage'];
  readonly #lock: ProcessLock;
  readonly #database: DatabaseSync;
  readonly #next: StatementSync;
  readonly #one: StatementSync;
  readonly #cursorFile: CursorFile;
  /** Stored already, from before a restart. */
  readonly #done: Set<number>;
  /** Given and not committed, in the order of the queue. */
  readonly #open = new Set<number>();
  #read: number;

  constructor({ directory, onDamage, onLostProgress }: EmbeddedConsumerOptions, lock: ProcessLock) {
    this.#onDamage = onDamage;
    this.#lock = lock;
    this.#database = openQueueFile(directory);
    this.#next = this.#database.prepare(
      `SELECT ${rowColumns} FROM batches WHERE seq > ? ORDER BY seq LIMIT ${rowsAtOnce}`,
    );
    this.#one = this.#database.prepare(`SELECT ${rowColumns} FROM batches NOT INDEXED WHERE seq = ?`);
    this.#cursorFile = new CursorFile(directory);
    const { cursor = beforeFirst(this.#database), done, damages } = this.#cursorFile.progress;
    this.#done = new Set(done);
    this.#read = cursor;
    if (damages.length === 0) return;
    this.#cursorFile.replace(cursor, done);
    for (const reason of damages) onLostProgress(reason);
  }

  /** Nothing is taken as read before all of it is: what fails is read again. */
  async read({ maxBytes }: ReadLimit): Promise<readonly QueuedBatch[]> {
    const batches: QueuedBatch[] = [];
    const damages: (Damage & { readonly row?: BatchRow })[] = [];
    let bytes = 0;
    let read = this.#read;
    for (const found of this.#rows()) {
      const { seq } = found;
      const size = 'body' in found ? found.body.byteLength : 0;
      if (bytes > 0 && bytes + size > maxBytes) break;
      // Numbers are without a gap, so a gap is a loss. Where nothing was read yet, it may begin with whatever number.
      for (let missing = read + 1; read > 0 && missing < seq; missing += 1) {
        if (!this.#done.has(missing)) damages.push({ batch: missing, reason: 'it is missing from the file' });
      }
      read = seq;
      if (this.#done.has(seq)) continue;
      bytes += size;
      if (!('body' in found)) damages.push({ batch: seq, reason: found.reason });
      else if (checksumOf(seq, batchOfRow(found)) !== found.checksum) {
        damages.push({ batch: seq, reason: 'its checksum does not match its bytes', row: found });
      } else {
        batches.push(batchOfRow(found));
      }
    }
    this.#take(read, batches, damages);
    return batches;
  }

  async commit(batches: readonly QueuedBatch[]): Promise<void> {
    this.#store(batches.map(({ position }) => Number(position)));
  }

  async state(): Promise<Pick<QueueState, 'entries' | 'bytes' | 'oldestAt'>> {
    const [oldest = this.#read + 1] = this.#open;
    const { entries, bytes, oldestAt } = totalsAfter(this.#database, oldest - 1);
    return { entries, bytes, ...(oldestAt === null ? {} : { oldestAt }) };
  }

  async close(): Promise<void> {
    this.#database.close();
    this.#cursorFile.close();
    this.#lock.release();
  }

  /** Row by row where a page is corrupt, so that it costs what is on it and no more. */
  *#rows(): Generator<BatchRow | Unreadable> {
    let seq = this.#read;
    try {
      for (const row of this.#next.iterate(seq) as Iterable<unknown> as Iterable<BatchRow>) {
        yield row;
        seq = row.seq;
      }
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      const last = highestGiven(this.#database);
      for (let [number, found] = [seq + 1, 0]; number <= last && found < rowsAtOnce; number += 1) {
        const row = this.#rowOf(number);
        if (row === undefined) continue;
        found += 1;
        yield row;
      }
    }
  }

  #rowOf(seq: number): BatchRow | Unreadable | undefined {
    try {
      return this.#one.get(seq) as unknown as BatchRow | undefined;
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      return { seq, reason: error.message };
    }
  }

  #take(
    read: number,
    batches: readonly QueuedBatch[],
    damages: readonly (Damage & { readonly row?: BatchRow })[],
  ): void {
    const numbers = batches.map(({ position }) => Number(position));
    if (damages.length > 0) {
      for (const { batch, reason, row } of damages) this.#cursorFile.quarantine(batch, reason, row);
      const [oldest = numbers[0] ?? read + 1] = this.#open;
      this.#cursorFile.commit(
        oldest - 1,
        damages.map(({ batch }) => batch),
      );
    }
    for (const done of this.#done) if (done <= read) this.#done.delete(done);
    this.#read = read;
    for (const number of numbers) this.#open.add(number);
    for (const { batch, reason } of damages) this.#onDamage({ batch, reason });
  }

  #store(numbers: readonly number[]): void {
    for (const number of numbers) this.#open.delete(number);
    const [oldest = this.#read + 1] = this.#open;
    this.#cursorFile.commit(oldest - 1, numbers);
  }
}

/** Where a consumer begins that does not know what it stored. What is stored twice is one line in Loki. */
function beforeFirst(database: DatabaseSync): number {
  const first = database.prepare('SELECT min(seq) AS seq FROM batches').get()?.seq;
  return first == null ? highestGiven(database) : Number(first) - 1;
}

function batchOfRow(row: BatchRow): QueuedBatch {
  return {
    position: String(row.seq),
    organization: row.organization,
    count: row.count,
    body: row.body,
    appendedAt: row.appended_at,
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  };
}

const isCorrupt = (error: unknown): error is Error =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === sqliteCorrupt;
