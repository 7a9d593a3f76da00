import type { QueuedBatch } from '../log-queue.ts';

type Held = Pick<QueuedBatch, 'organization' | 'count' | 'appendedAt'> & { readonly bytes: number };

/** The numbers of batches that the consumer came by and that are not stored: given to it, or passed over. */
export class HeldBatches {
  /** In the order of the queue. */
  readonly #held = new Map<number, Held>();
  readonly #passedOver = new Map<string, Set<number>>();
  #entries = 0;
  #bytes = 0;

  get oldest(): number | undefined {
    const [oldest] = this.#held.keys();
    return oldest;
  }

  get oldestAt(): number | undefined {
    const [oldest] = this.#held.values();
    return oldest?.appendedAt;
  }

  get entries(): number {
    return this.#entries;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** In the order of the queue. @param bytes as it is stored @param isPassedOver it is not given now */
  add(batch: Omit<QueuedBatch, 'body'>, bytes: number, isPassedOver: boolean): void {
    const { position, organization, count, appendedAt } = batch;
    this.#held.set(Number(position), { organization, count, appendedAt, bytes });
    this.#entries += count;
    this.#bytes += bytes;
    if (!isPassedOver) return;
    const numbers = this.#passedOver.get(organization) ?? new Set();
    this.#passedOver.set(organization, numbers.add(Number(position)));
  }

  /** Whether something of it was passed over and not given since: nothing newer may come before that. */
  hasPassedOver(organization: string): boolean {
    return this.#passedOver.has(organization);
  }

  /** What was passed over of all organizations but some. */
  *passedOver(skip: ReadonlySet<string>): Generator<number> {
    for (const [organization, numbers] of this.#passedOver) if (!skip.has(organization)) yield* numbers;
  }

  given(number: number): void {
    const organization = this.#held.get(number)?.organization ?? '';
    const numbers = this.#passedOver.get(organization);
    numbers?.delete(number);
    if (numbers?.size === 0) this.#passedOver.delete(organization);
  }

  /** It is stored, or damaged. */
  remove(number: number): void {
    const held = this.#held.get(number);
    if (held === undefined) return;
    this.given(number);
    this.#held.delete(number);
    this.#entries -= held.count;
    this.#bytes -= held.bytes;
  }
}
