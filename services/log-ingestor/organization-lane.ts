import { setTimeout as delay } from 'node:timers/promises';
import type { NewDeadLetter } from '../pipeline/dead-letters/dead-letters.ts';
import type { AdmittedEntry } from '../pipeline/entry.ts';
import type { StreamLabels } from '../pipeline/loki/stream-labels.ts';
import { entriesOf, type QueuedBatch } from '../pipeline/queue/log-queue.ts';
import type { PersistentPush } from './persistent-push.ts';
import { type Outgoing, outgoingOf, parts, storeEntries } from './store-entries.ts';

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

/**
 * The entries of one organization, pushed one batch after another: one that is limited or blocked stops no other. Two at
 * once could be faster and lose lines (docs/decisions/0020).
 */
export class OrganizationLane {
  readonly #organization: string;
  readonly #push: PersistentPush;
  readonly #options: LaneOptions;
  readonly #around: LaneSurroundings;
  readonly #signal: AbortSignal;
  #waiting: QueuedBatch[] = [];
  #entries = 0;
  #openBytes = 0;
  #progressAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  /** What waits has waited long enough, or is enough. */
  #due = false;
  #flushing = false;
  #isStuck = false;
  #work: Promise<void> | undefined;

  constructor(
    organization: string,
    push: PersistentPush,
    options: LaneOptions,
    around: LaneSurroundings,
    signal: AbortSignal,
  ) {
    this.#organization = organization;
    this.#push = push;
    this.#options = options;
    this.#around = around;
    this.#signal = signal;
  }

  /** Loki takes nothing of it for now, or the disk takes neither its dead letters nor its progress. */
  get paused(): boolean {
    return this.#isStuck || this.#push.paused;
  }

  get busy(): boolean {
    return this.#work !== undefined;
  }

  /** Bytes that it was given and has not stored. */
  get openBytes(): number {
    return this.#openBytes;
  }

  /** Whether it had work to do for some time, and none of it got done. */
  get slow(): boolean {
    return this.#openBytes > 0 && performance.now() - this.#progressAt > slowMs;
  }

  add(batch: QueuedBatch): void {
    if (this.#openBytes === 0) this.#progressAt = performance.now();
    this.#waiting.push(batch);
    this.#entries += batch.count;
    this.#openBytes += batch.body.byteLength;
    this.#timer ??= setTimeout(() => this.#start(), this.#options.batchWaitMs);
    if (this.#entries >= this.#options.batchEntries) this.#start();
  }

  /** Pushes all that waits; resolves when it is stored, or when the signal ends the tries. */
  async flush(): Promise<void> {
    this.#flushing = true;
    this.#start();
    await this.#work;
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = true;
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
    });
  }

  async #run(): Promise<void> {
    do {
      const batches = this.#take();
      if (batches.length === 0) return;
      try {
        await this.#around.traced(batches, () => this.#bring(batches));
      } catch (error) {
        // Not committed: it comes again with the next start of the process.
        if (this.#signal.aborted) return;
        this.#putBack(batches);
        await this.#stuck(error).catch(() => {});
      }
    } while (this.#flushing || this.#due || this.#entries >= this.#options.batchEntries);
    if (this.#waiting.length > 0) {
      this.#timer = setTimeout(() => this.#start(), this.#options.batchWaitMs);
    }
  }

  #putBack(batches: readonly QueuedBatch[]): void {
    this.#waiting.unshift(...batches);
    for (const { count } of batches) this.#entries += count;
  }

  #take(): readonly QueuedBatch[] {
    this.#due = false;
    let bytes = 0;
    const end = this.#waiting.findIndex(({ body }) => {
      bytes += body.byteLength;
      return bytes > this.#options.maxPushBytes;
    });
    const taken = this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
    for (const { count } of taken) this.#entries -= count;
    return taken;
  }

  async #bring(batches: readonly QueuedBatch[]): Promise<void> {
    const started = performance.now();
    const { entries, letters } = read(batches);
    const outgoing = outgoingOf(this.#organization, entries, this.#around.streams);
    this.#around.index(outgoing);
    for (const part of parts(outgoing, this.#options.maxPushBytes)) {
      for (const { entry, reason } of await storeEntries(this.#push, part, this.#signal)) {
        const { id } = entry;
        letters.push({ id, organization: this.#organization, reason, entry: JSON.stringify(entry) });
      }
    }
    await this.#untilDone(async () => {
      if (letters.length > 0) await this.#around.bury(letters);
      await this.#around.commit(batches);
    });
    this.#isStuck = false;
    this.#progressAt = performance.now();
    for (const { body } of batches) this.#openBytes -= body.byteLength;
    const seconds = (performance.now() - started) / 1000;
    this.#around.onPushed({ batches, entries: entries.length, rejected: letters.length, seconds });
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
  readonly entries: readonly AdmittedEntry[];
  readonly letters: NewDeadLetter[];
}

/** The entries of the batches; one that is no JSON, which only a foreign producer can send, is a dead letter whole. */
function read(batches: readonly QueuedBatch[]): Read {
  const letters: NewDeadLetter[] = [];
  const entries = batches.flatMap((batch) => {
    try {
      return entriesOf(batch);
    } catch (error) {
      const { position, organization, body } = batch;
      const reason = error instanceof Error ? error.message : String(error);
      letters.push({ id: `batch-${position}`, organization, reason, entry: Buffer.from(body).toString() });
      return [];
    }
  });
  return { entries, letters };
}
