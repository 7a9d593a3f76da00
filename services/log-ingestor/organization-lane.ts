import { setTimeout as delay } from 'node:timers/promises';
import type { NewDeadLetter } from '../pipeline/dead-letters/dead-letters.ts';
import type { StreamLabels } from '../pipeline/loki/stream-labels.ts';
import { streamsOf } from '../pipeline/queue/batch.ts';
import type { QueuedBatch } from '../pipeline/queue/log-queue.ts';
import { countOf, type Outgoing, outgoingOf } from './outgoing.ts';
import type { StreamTurns } from './stream-turns.ts';

export interface LaneOptions {
  /** So many entries are pushed at once … */
  readonly batchEntries: number;
  /** … or those that waited so long. */
  readonly batchWaitMs: number;
  /** Bytes of one push when there is a backlog. */
  readonly maxPushBytes: number;
}

/** What a lane does its work with. */
export interface LaneSurroundings {
  readonly streams: StreamLabels;
  /** Before they are pushed. */
  readonly index: (outgoing: readonly Outgoing[]) => void;
  /** Durable when it returns. */
  readonly bury: (letters: readonly NewDeadLetter[]) => Promise<void>;
  readonly commit: (batches: readonly QueuedBatch[]) => Promise<void>;
  /** Runs the work as part of the traces that the batches came with. */
  readonly traced: <T>(batches: readonly QueuedBatch[], work: () => Promise<T>) => Promise<T>;
  readonly onPushed: (pushed: Pushed) => void;
  /** The disk took neither dead letters nor the progress; it is tried again. */
  readonly onStuck: (error: unknown) => void;
}

export interface Pushed {
  readonly batches: readonly QueuedBatch[];
  readonly entries: number;
  readonly rejected: number;
  readonly seconds: number;
}

/** Before what failed for the disk's sake is tried again. */
export const whenStuckMs = 1000;

/** A push that takes longer is one that others do not wait for. */
const slowMs = 2000;

/** While Loki works on one group of batches, the next is made ready, where it is full. */
const mostGroups = 3;
/** A group is as large as so many pushes: it is divided by streams, and committed at once. */
const pushesOfGroup = 3;

/**
 * The entries of one organization, those of a stream in their queue's order: an organization that is limited or blocked
 * stops no other.
 */
export class OrganizationLane {
  readonly #organization: string;
  readonly #turns: StreamTurns;
  readonly #options: LaneOptions;
  readonly #around: LaneSurroundings;
  readonly #signal: AbortSignal;
  #waiting: QueuedBatch[] = [];
  #entries = 0;
  #waitingBytes = 0;
  #openBytes = 0;
  #progressAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  /** What waits has waited long enough, or is enough. */
  #due = false;
  #flushing = false;
  #isStuck = false;
  readonly #groups = new Set<Promise<void>>();

  constructor(
    organization: string,
    turns: StreamTurns,
    options: LaneOptions,
    around: LaneSurroundings,
    signal: AbortSignal,
  ) {
    this.#organization = organization;
    this.#turns = turns;
    this.#options = options;
    this.#around = around;
    this.#signal = signal;
  }

  /** Loki takes nothing of it for now, or the disk takes neither its dead letters nor its progress. */
  get paused(): boolean {
    return this.#isStuck || this.#turns.paused;
  }

  get busy(): boolean {
    return this.#groups.size > 0;
  }

  /** Bytes that it was given and has not stored. */
  get openBytes(): number {
    return this.#openBytes;
  }

  /** Whether it had work to do for some time, and none of it got done. */
  get slow(): boolean {
    return this.#openBytes > 0 && performance.now() - this.#progressAt > slowMs;
  }

  get #groupBytes(): number {
    return pushesOfGroup * this.#options.maxPushBytes;
  }

  add(batch: QueuedBatch): void {
    if (this.#openBytes === 0) this.#progressAt = performance.now();
    this.#waiting.push(batch);
    this.#count([batch], 1);
    this.#openBytes += batch.body.byteLength;
    if (this.#entries >= this.#options.batchEntries) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), this.#options.batchWaitMs);
  }

  /** Pushes all that waits; resolves when it is stored, or when the signal ends the tries. */
  async flush(): Promise<void> {
    this.#flushing = true;
    this.#start();
    while (this.busy) await Promise.all(this.#groups);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = true;
    this.#pushMore();
  }

  #pushMore(): void {
    while (!this.#signal.aborted && this.#mayPush()) {
      const work = this.#brought(this.#take()).finally(() => {
        this.#groups.delete(work);
        this.#pushMore();
      });
      this.#groups.add(work);
    }
    if (this.#waiting.length > 0 && !this.busy) {
      this.#timer ??= setTimeout(() => this.#start(), this.#options.batchWaitMs);
    }
  }

  /** A group grows while another is under way: beside it goes only one that is full, and none to a Loki that takes nothing. */
  #mayPush(): boolean {
    if (this.#waiting.length === 0) return false;
    if (!this.busy) return this.#flushing || this.#due || this.#entries >= this.#options.batchEntries;
    const isFull = this.#waitingBytes >= this.#groupBytes;
    return isFull && !this.paused && this.#groups.size < mostGroups;
  }

  async #brought(batches: readonly QueuedBatch[]): Promise<void> {
    try {
      await this.#around.traced(batches, () => this.#bring(batches));
    } catch (error) {
      // Not committed: it comes again with the next start of the process.
      if (this.#signal.aborted) return;
      this.#putBack(batches);
      await this.#stuck(error).catch(() => {});
    }
  }

  #putBack(batches: readonly QueuedBatch[]): void {
    this.#waiting.unshift(...batches);
    this.#count(batches, 1);
  }

  #take(): readonly QueuedBatch[] {
    this.#due = false;
    let bytes = 0;
    const end = this.#waiting.findIndex(({ body }) => {
      bytes += body.byteLength;
      return bytes > this.#groupBytes;
    });
    const taken = this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
    this.#count(taken, -1);
    return taken;
  }

  /** What comes to those that wait, or goes from them. */
  #count(batches: readonly QueuedBatch[], sign: 1 | -1): void {
    for (const { count, body } of batches) {
      this.#entries += sign * count;
      this.#waitingBytes += sign * body.byteLength;
    }
  }

  async #bring(batches: readonly QueuedBatch[]): Promise<void> {
    const started = performance.now();
    const { outgoing, letters } = this.#read(batches);
    this.#around.index(outgoing);
    for (const { entry, reason } of await this.#turns.store(outgoing, this.#signal)) {
      const { id } = entry;
      letters.push({ id, organization: this.#organization, reason, entry: JSON.stringify(entry) });
    }
    await this.#untilDone(async () => {
      if (letters.length > 0) await this.#around.bury(letters);
      await this.#around.commit(batches);
    });
    this.#isStuck = false;
    this.#progressAt = performance.now();
    for (const { body } of batches) this.#openBytes -= body.byteLength;
    const seconds = (performance.now() - started) / 1000;
    this.#around.onPushed({ batches, entries: countOf(outgoing), rejected: letters.length, seconds });
  }

  /** One of another form, which only a foreign producer can send, is a dead letter whole. */
  #read(batches: readonly QueuedBatch[]): Read {
    const letters: NewDeadLetter[] = [];
    const outgoing = batches.flatMap((batch) => {
      try {
        return outgoingOf(this.#organization, streamsOf(batch), this.#around.streams, batch.partition);
      } catch (error) {
        const { position, organization, body } = batch;
        const reason = error instanceof Error ? error.message : String(error);
        letters.push({ id: `batch-${position}`, organization, reason, entry: Buffer.from(body).toString() });
        return [];
      }
    });
    return { outgoing, letters };
  }

  async #untilDone(work: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        await this.#stuck(error);
      }
    }
  }

  async #stuck(error: unknown): Promise<void> {
    this.#around.onStuck(error);
    this.#isStuck = true;
    await delay(whenStuckMs, undefined, { signal: this.#signal });
  }
}

interface Read {
  readonly outgoing: readonly Outgoing[];
  readonly letters: NewDeadLetter[];
}
