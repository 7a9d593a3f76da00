import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogConsumer, QueuedBatch, QueueState, ReadLimit } from '../log-queue.ts';
import { CursorFile } from './cursor-file.ts';
import { lockQueue, type ProcessLock } from './process-lock.ts';
import { type BatchRow, checksumOf, openQueueFile, rowColumns, totalsAfter } from './queue-file.ts';

/** A batch that is not given to anybody because it is not what was acknowledged. */
export interface Damage {
  /** Its number in the queue. */
  readonly batch: number;
  readonly reason: string;
}

export interface EmbeddedConsumerOptions {
  readonly directory: string;
  readonly onDamage: (damage: Damage) => void;
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
  readonly #cursorFile: CursorFile;
  /** Stored already, from before a restart. */
  readonly #done: Set<number>;
  /** Given and not committed, in the order of the queue. */
  readonly #open = new Set<number>();
  #read: number;

  constructor({ directory, onDamage }: EmbeddedConsumerOptions, lock: ProcessLock) {
    this.#onDamage = onDamage;
    this.#lock = lock;
    this.#database = openQueueFile(directory);
    this.#next = this.#database.prepare(
      `SELECT ${rowColumns} FROM batches WHERE seq > ? ORDER BY seq LIMIT 1000`,
    );
    this.#cursorFile = new CursorFile(directory);
    this.#done = this.#cursorFile.done();
    this.#read = this.#cursorFile.cursor();
  }

  async read({ maxBytes }: ReadLimit): Promise<readonly QueuedBatch[]> {
    const batches: QueuedBatch[] = [];
    let bytes = 0;
    for (const row of this.#next.iterate(this.#read) as Iterable<unknown> as Iterable<BatchRow>) {
      if (bytes > 0 && bytes + row.body.byteLength > maxBytes) break;
      this.#missingBefore(row.seq);
      this.#read = row.seq;
      if (this.#done.delete(row.seq)) continue;
      const batch = batchOfRow(row);
      if (checksumOf(row.seq, batch) !== row.checksum) {
        this.#damaged(row.seq, 'its checksum does not match its bytes', row);
        continue;
      }
      bytes += row.body.byteLength;
      this.#open.add(row.seq);
      batches.push(batch);
    }
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

  /** Numbers are without a gap, so a gap is a loss. Where nothing was read yet, it may begin with whatever number. */
  #missingBefore(seq: number): void {
    if (this.#read === 0) return;
    for (let missing = this.#read + 1; missing < seq; missing += 1) {
      this.#damaged(missing, 'it is missing from the file');
    }
  }

  #damaged(batch: number, reason: string, row?: BatchRow): void {
    this.#cursorFile.quarantine(batch, reason, row);
    this.#open.add(batch);
    this.#store([batch]);
    this.#onDamage({ batch, reason });
  }

  #store(numbers: readonly number[]): void {
    for (const number of numbers) this.#open.delete(number);
    const [oldest = this.#read + 1] = this.#open;
    this.#cursorFile.commit(oldest - 1, numbers);
  }
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
