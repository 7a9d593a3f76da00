import type { DatabaseSync } from 'node:sqlite';
import type { LogConsumer, QueuedBatch, QueueState, ReadLimit } from '../log-queue.ts';
import { openedBatch, openedLength } from '../stored-body.ts';
import { CursorFile } from './cursor-file.ts';
import { HeldBatches } from './held-batches.ts';
import { lockQueue, type ProcessLock } from './process-lock.ts';
import { openQueueFile, totalsAfter } from './queue-file.ts';
import {
  batchesAt,
  beforeFirst,
  type Damage,
  type FoundDamage,
  isDamage,
  named,
  numbersOf,
  walkBatches,
} from './walk-batches.ts';

const rowsAtOnce = 1000;
/** Bytes of batches that one reading passes over, so that it does not take long. */
const mostPassedBytes = 4_000_000;
/** Batches between the oldest that is not stored and the last that was read: so many numbers are remembered. */
const defaultMostAhead = 250_000;

export interface EmbeddedConsumerOptions {
  readonly directory: string;
  readonly onDamage: (damage: Damage) => void;
  /** The progress that was written down cannot be trusted: what the queue still has comes again. */
  readonly onLostProgress: (reason: string) => void;
  /** How far behind the oldest batch that is not stored others are read. */
  readonly mostAhead?: number;
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

/** What a reading came by. */
interface Come {
  readonly batch: QueuedBatch;
  /** Of what is stored, which may be gone. */
  readonly bytes: number;
  readonly isPassedOver: boolean;
}

class EmbeddedConsumer implements LogConsumer {
  readonly #onDamage: EmbeddedConsumerOptions['onDamage'];
  readonly #lock: ProcessLock;
  readonly #database: DatabaseSync;
  readonly #cursorFile: CursorFile;
  /** Stored already, from before a restart. */
  readonly #done: Set<number>;
  readonly #held = new HeldBatches();
  readonly #mostAhead: number;
  #read: number;

  constructor(options: EmbeddedConsumerOptions, lock: ProcessLock) {
    const { directory, onDamage, onLostProgress, mostAhead = defaultMostAhead } = options;
    this.#mostAhead = mostAhead;
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
  async read({ maxBytes, skip = new Set() }: ReadLimit): Promise<readonly QueuedBatch[]> {
    const again = this.#readAgain(maxBytes, skip);
    return again.length > 0 ? again : this.#readOn(maxBytes, skip);
  }

  /** What was passed over, of organizations that no longer are. */
  #readAgain(maxBytes: number, skip: ReadonlySet<string>): readonly QueuedBatch[] {
    const batches: QueuedBatch[] = [];
    const damages: FoundDamage[] = [];
    let bytes = 0;
    for (const found of batchesAt(this.#database, this.#held.passedOver(skip))) {
      if (isDamage(found)) {
        damages.push(found);
        continue;
      }
      const size = openedLength(found.body);
      if (bytes > 0 && bytes + size > maxBytes) break;
      bytes += size;
      batches.push(openedBatch(found));
    }
    this.#quarantine(damages, this.#held.oldest ?? this.#read + 1);
    for (const { batch } of damages) this.#held.remove(batch);
    for (const { position } of batches) this.#held.given(Number(position));
    for (const damage of damages) this.#onDamage(named(damage));
    return batches;
  }

  #readOn(maxBytes: number, skip: ReadonlySet<string>): readonly QueuedBatch[] {
    const batches: QueuedBatch[] = [];
    const come: Come[] = [];
    const damages: FoundDamage[] = [];
    const bytes = { given: 0, passed: 0 };
    let read = this.#afterDone();
    const ahead = read + 1 - (this.#held.oldest ?? read + 1);
    const most = Math.min(rowsAtOnce, this.#mostAhead - ahead);
    for (const found of most > 0 ? walkBatches(this.#database, read, this.#done, most) : []) {
      if (isDamage(found)) {
        damages.push(found);
        read = found.through ?? found.batch;
        continue;
      }
      const isPassedOver = skip.has(found.organization) || this.#held.hasPassedOver(found.organization);
      const size = openedLength(found.body);
      if (isPassedOver && bytes.passed > mostPassedBytes) break;
      if (!isPassedOver && bytes.given > 0 && bytes.given + size > maxBytes) break;
      bytes[isPassedOver ? 'passed' : 'given'] += size;
      come.push({ batch: found, bytes: found.body.byteLength, isPassedOver });
      if (!isPassedOver) batches.push(openedBatch(found));
      read = Number(found.position);
    }
    this.#quarantine(damages, this.#held.oldest ?? Number(come[0]?.batch.position ?? read + 1));
    for (const done of this.#done) if (done <= read) this.#done.delete(done);
    this.#read = read;
    for (const { batch, bytes: stored, isPassedOver } of come) this.#held.add(batch, stored, isPassedOver);
    for (const damage of damages) this.#onDamage(named(damage));
    return batches;
  }

  /** A row of them may be longer than what is looked at in one go. */
  #afterDone(): number {
    let read = this.#read;
    while (this.#done.has(read + 1)) read += 1;
    return read;
  }

  async commit(batches: readonly QueuedBatch[]): Promise<void> {
    this.#store(batches.map(({ position }) => Number(position)));
  }

  async state(): Promise<Pick<QueueState, 'entries' | 'bytes' | 'oldestAt'>> {
    const unread = totalsAfter(this.#database, this.#read);
    const oldestAt = this.#held.oldestAt ?? unread.oldestAt;
    return {
      entries: this.#held.entries + unread.entries,
      bytes: this.#held.bytes + unread.bytes,
      ...(oldestAt === null ? {} : { oldestAt }),
    };
  }

  async close(): Promise<void> {
    this.#database.close();
    this.#cursorFile.close();
    this.#lock.release();
  }

  /** @param oldest the first that is not stored */
  #quarantine(damages: readonly FoundDamage[], oldest: number): void {
    if (damages.length === 0) return;
    for (const { batch, reason, row } of damages) this.#cursorFile.quarantine(batch, reason, row);
    this.#cursorFile.commit(oldest - 1, damages.flatMap(numbersOf));
  }

  #store(numbers: readonly number[]): void {
    for (const number of numbers) this.#held.remove(number);
    this.#cursorFile.commit((this.#held.oldest ?? this.#read + 1) - 1, numbers);
  }
}
