import type { QueuedBatch } from '../log-queue.ts';

/** How far one partition is read and stored. Offsets are stored out of order; what is committed has no gap. */
export class PartitionProgress {
  /** The offset to fetch from. */
  next: bigint;
  #committed: bigint;
  /** Read and not all stored: the batches of each offset that are not. In order. */
  readonly #open = new Map<bigint, Map<string, QueuedBatch>>();
  #openBytes = 0;
  #openEntries = 0;

  /** @param start the first offset that is not stored */
  constructor(start: bigint) {
    this.next = start;
    this.#committed = start;
  }

  /** Bytes and entries that are read and not stored. */
  get openBytes(): number {
    return this.#openBytes;
  }

  get openEntries(): number {
    return this.#openEntries;
  }

  /** Offsets with something that is not stored. */
  get openOffsets(): number {
    return this.#open.size;
  }

  /** Milliseconds since the epoch; of the first batch that is not stored. */
  get oldestAt(): number | undefined {
    const [first] = this.#open.values();
    const [batch] = first?.values() ?? [];
    return batch?.appendedAt;
  }

  get committed(): bigint {
    return this.#committed;
  }

  /** What was read at an offset; nothing where it was no batch. */
  take(offset: bigint, batches: readonly QueuedBatch[]): void {
    this.next = offset + 1n;
    if (batches.length === 0) return;
    this.#open.set(offset, new Map(batches.map((batch) => [batch.position, batch])));
    for (const { body, count } of batches) {
      this.#openBytes += body.byteLength;
      this.#openEntries += count;
    }
  }

  /** That one of the batches of an offset is stored; one that is not open is passed over. */
  done(offset: bigint, position: string): void {
    const batches = this.#open.get(offset);
    const batch = batches?.get(position);
    if (batches === undefined || batch === undefined) return;
    batches.delete(position);
    if (batches.size === 0) this.#open.delete(offset);
    this.#openBytes -= batch.body.byteLength;
    this.#openEntries -= batch.count;
  }

  /** The offset below which everything is stored, where that is not committed yet. */
  due(): bigint | undefined {
    const [lowest = this.next] = this.#open.keys();
    return lowest > this.#committed ? lowest : undefined;
  }

  setCommitted(offset: bigint): void {
    if (offset > this.#committed) this.#committed = offset;
  }
}
