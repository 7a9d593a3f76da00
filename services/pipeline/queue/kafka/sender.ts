import { type BaseOptions, Producer } from '@platformatic/kafka';
import type { QueueRecord } from './record.ts';

export interface Addressed {
  readonly topic: string;
  /** Whichever is next unless given. */
  readonly partition?: number;
  readonly record: Pick<QueueRecord, 'value' | 'headers'>;
}

/** Between two tries, in milliseconds; a broker that starts again is away for seconds. */
const retryDelayMs = 300;

/**
 * An idempotent producer that waits for all in-sync replicas, and tries again until its time is up. Then it is
 * replaced: what it still has to do must not go on behind the back of those that were told of its failure.
 */
export class Sender {
  readonly #connection: BaseOptions;
  readonly #budgetMs: number;
  #producer: Producer | undefined;

  /** @param budgetMs milliseconds in which a send is tried again */
  constructor(connection: BaseOptions, budgetMs: number) {
    this.#connection = connection;
    this.#budgetMs = budgetMs;
  }

  /** Returns when all in-sync replicas have them. @throws Error when it is not known whether they do */
  async send(records: readonly Addressed[]): Promise<void> {
    this.#producer ??= this.#open();
    const producer = this.#producer;
    const timeUp = new AbortController();
    try {
      const { offsets = [] } = await Promise.race([
        producer.send({
          messages: records.map(({ topic, partition, record: { value, headers } }) => ({
            ...{ topic, value, headers },
            ...(partition === undefined ? {} : { partition }),
          })),
        }),
        rejectAfter(this.#budgetMs, timeUp.signal),
      ]);
      if (offsets.length === 0) throw new Error('the broker acknowledged without an offset');
    } catch (error) {
      this.#producer = undefined;
      producer.close(true).catch(() => {});
      throw error;
    } finally {
      timeUp.abort();
    }
  }

  async close(): Promise<void> {
    await this.#producer?.close(true);
    this.#producer = undefined;
  }

  #open(): Producer {
    const retries = Math.ceil(this.#budgetMs / retryDelayMs);
    return new Producer({ ...this.#connection, idempotent: true, retries, retryDelay: retryDelayMs });
  }
}

function rejectAfter(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`no broker acknowledged within ${ms} ms`)), ms);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}
