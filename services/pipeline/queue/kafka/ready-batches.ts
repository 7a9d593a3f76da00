import type { QueuedBatch, ReadLimit } from '../log-queue.ts';

/** Bytes in memory that were fetched and not given: of organizations that are passed over, and of the others. */
const mostPassedOver = 64_000_000;
const mostReady = 4_000_000;

/** Batches that were fetched and not given yet, in the order of their partitions. */
export class ReadyBatches {
  #batches: QueuedBatch[] = [];
  #passedOver: ReadonlySet<string> = new Set();
  readonly #bytes = { ready: 0, passedOver: 0 };

  /** Whether to fetch no more for now. */
  get isFull(): boolean {
    return this.#bytes.ready >= mostReady || this.#bytes.passedOver >= mostPassedOver;
  }

  add(batches: readonly QueuedBatch[]): void {
    this.#batches.push(...batches);
    this.#count(batches);
  }

  /** The next ones; at least one where there is one that is not passed over. */
  take({ maxBytes, skip = new Set() }: ReadLimit): readonly QueuedBatch[] {
    const given: QueuedBatch[] = [];
    const rest: QueuedBatch[] = [];
    let bytes = 0;
    for (const batch of this.#batches) {
      if (skip.has(batch.organization)) rest.push(batch);
      else {
        bytes += batch.body.byteLength;
        (bytes <= maxBytes || given.length === 0 ? given : rest).push(batch);
      }
    }
    this.#passedOver = skip;
    this.#set(rest);
    return given;
  }

  /** Forgets all but some. */
  keep(isKept: (batch: QueuedBatch) => boolean): void {
    this.#set(this.#batches.filter(isKept));
  }

  #set(batches: QueuedBatch[]): void {
    this.#batches = batches;
    this.#bytes.ready = 0;
    this.#bytes.passedOver = 0;
    this.#count(batches);
  }

  #count(batches: readonly QueuedBatch[]): void {
    for (const { organization, body } of batches) {
      this.#bytes[this.#passedOver.has(organization) ? 'passedOver' : 'ready'] += body.byteLength;
    }
  }
}
