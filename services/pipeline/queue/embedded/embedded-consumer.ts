import type { DatabaseSync } from 'node:sqlite';
import type { LogConsumer, QueuedBatch, QueueState, ReadLimit } from '../log-queue.ts';
import { CursorFile } from './cursor-file.ts';
import { lockQueue, type ProcessLock } from './process-lock.ts';
import { openQueueFile, totalsAfter } from './queue-file.ts';
import {
  beforeFirst,
  type Damage,
  type FoundDamage,
  isDamage,
  named,
  numbersOf,
  walkBatches,
} from './walk-batches.ts';

const rowsAtOnce = 1000;

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
    this.#cursorFile = new CursorFile(directory);
    const { cursor = 0, done, damages } = this.#cursorFile.progress;
    this.#done = new Set(done);
    this.#read = cursor === 0 ? beforeFirst(this.#database, done) : cursor;
    if (damages.length === 0) return;
    this.#cursorFile.replace(this.#read, done);
    for (const reason of damages) onLostProgress(reason);
  }

  /** Nothing is taken as read before all of it is: what fails is read again. */
  async read({ maxBytes }: ReadLimit): Promise<readonly QueuedBatch[]> {
    const batches: QueuedBatch[] = [];
    const damages: FoundDamage[] = [];
    let bytes = 0;
    let read = this.#read;
    for (const found of walkBatches(this.#database, read, this.#done, rowsAtOnce)) {
      if (isDamage(found)) {
        damages.push(found);
        read = found.through ?? found.batch;
        continue;
      }
      if (bytes > 0 && bytes + found.body.byteLength > maxBytes) break;
      bytes += found.body.byteLength;
      batches.push(found);
      read = Number(found.position);
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

  #take(read: number, batches: readonly QueuedBatch[], damages: readonly FoundDamage[]): void {
    const numbers = batches.map(({ position }) => Number(position));
    if (damages.length > 0) {
      for (const { batch, reason, row } of damages) this.#cursorFile.quarantine(batch, reason, row);
      const [oldest = numbers[0] ?? read + 1] = this.#open;
      this.#cursorFile.commit(oldest - 1, damages.flatMap(numbersOf));
    }
    for (const done of this.#done) if (done <= read) this.#done.delete(done);
    this.#read = read;
    for (const number of numbers) this.#open.add(number);
    for (const damage of damages) this.#onDamage(named(damage));
  }

  #store(numbers: readonly number[]): void {
    for (const number of numbers) this.#open.delete(number);
    const [oldest = this.#read + 1] = this.#open;
    this.#cursorFile.commit(oldest - 1, numbers);
  }
}
