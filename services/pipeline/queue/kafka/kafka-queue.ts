import { setTimeout as delay } from 'node:timers/promises';
import type { BaseOptions } from '@platformatic/kafka';
import {
  BatchGoneError,
  isGone,
  type LogBatch,
  type LogQueue,
  QueueClosedError,
  QueueFullError,
  type QueueState,
  type Receipt,
} from '../log-queue.ts';
import { reasonOf } from './connection.ts';
import { type QueueRecord, recordsOf } from './record.ts';
import { Sender } from './sender.ts';
import { prepareTopics, type TopicFacts, type WantedTopics } from './topics.ts';

export interface KafkaQueueOptions {
  readonly connection: BaseOptions;
  readonly topic: string;
  readonly wanted: WantedTopics;
  /** Milliseconds that a sender of logs waits at most for the acknowledgement: longer than a broker is away. */
  readonly budgetMs: number;
  /** Once the topic is there. */
  readonly onReady?: (facts: TopicFacts) => void;
  /** The broker takes nothing: said each time, tried again. */
  readonly onTrouble?: (reason: string) => void;
}

/** Bytes that wait for the broker in memory. */
const maxWaitingBytes = 64 * 1024 * 1024;
/** Bytes of one request to the broker, and of them for one partition. */
const maxGroupBytes = 4_000_000;
const maxPartBytes = 900_000;
const lookEveryMs = 250;
const prepareEveryMs = 1000;
const retryAfterSeconds = 5;

interface Append {
  readonly batch: LogBatch;
  readonly bytes: number;
  readonly expiresAt: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: Error) => void;
  /** Records that are not acknowledged yet. */
  left: number;
  /** One of them went to the broker: whether it was kept is not known until it says so. */
  isSent: boolean;
  isSettled: boolean;
}

interface Waiting {
  readonly append: Append;
  readonly record: QueueRecord;
}

/** The queue in a topic of Kafka. It takes batches at once, and refuses them until a broker answers. */
export class KafkaQueue implements LogQueue {
  readonly #options: KafkaQueueOptions;
  readonly #sender: Sender;
  readonly #closing = new AbortController();
  readonly #look: NodeJS.Timeout;
  readonly #prepared: Promise<void>;
  #facts: TopicFacts | undefined;
  #waiting: Waiting[] = [];
  readonly #open = new Set<Append>();
  #underWay = 0;
  #sending: Promise<void> | undefined;
  /** The partition of the next group: a group goes to as few as it needs. */
  #partition = 0;

  constructor(options: KafkaQueueOptions) {
    this.#options = options;
    this.#sender = new Sender(options.connection, options.budgetMs);
    this.#look = setInterval(() => this.#expire(), lookEveryMs);
    this.#prepared = this.#prepare();
  }

  append(batch: LogBatch): Promise<Receipt> {
    if (isGone(batch)) return Promise.reject(new BatchGoneError(batch));
    const { refusal } = this.state();
    if (refusal !== undefined) return Promise.reject(refusal);
    const bytes = batch.body.byteLength;
    const records = recordsOf(batch, Math.min(maxPartBytes, this.#facts?.maxMessageBytes ?? maxPartBytes));
    return new Promise((resolve, reject) => {
      const expiresAt = Date.now() + this.#options.budgetMs;
      const append: Append = {
        ...{ batch, bytes, expiresAt, resolve, reject },
        ...{ left: records.length, isSent: false, isSettled: false },
      };
      this.#open.add(append);
      this.#underWay += bytes;
      for (const record of records) this.#waiting.push({ append, record });
      this.#sendSoon();
    });
  }

  /** Of what waits for the broker in this process; what the ingestor has not stored yet it says itself. */
  state(): QueueState {
    const refusal = this.#refusal();
    return {
      entries: [...this.#open].reduce((sum, { batch }) => sum + batch.count, 0),
      bytes: this.#underWay,
      bytesLeft: Number.POSITIVE_INFINITY,
      ...(refusal === undefined ? {} : { refusal }),
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#prepared;
    await this.#sending;
    clearInterval(this.#look);
    await this.#sender.close();
  }

  #refusal(): QueueState['refusal'] {
    if (this.#closing.signal.aborted) return new QueueClosedError('the queue is closed');
    const isFull = this.#facts === undefined || this.#underWay >= maxWaitingBytes;
    return isFull ? new QueueFullError('broker', retryAfterSeconds) : undefined;
  }

  async #prepare(): Promise<void> {
    const { connection, wanted, topic, onReady, onTrouble } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        this.#facts = (await prepareTopics(connection, wanted)).get(topic);
        if (this.#facts !== undefined) return onReady?.(this.#facts);
      } catch (error) {
        onTrouble?.(reasonOf(error));
      }
      await delay(prepareEveryMs, undefined, { signal }).catch(() => {});
    }
  }

  /** After the current turn, so that appends of one turn share a request. */
  #sendSoon(): void {
    this.#sending ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#sendAll())
      .finally(() => {
        this.#sending = undefined;
        if (this.#waiting.length > 0) this.#sendSoon();
      });
  }

  async #sendAll(): Promise<void> {
    for (let group = this.#group(); group.length > 0; group = this.#group()) {
      try {
        await this.#sender.send(
          group.map(({ record, partition }) => ({ topic: this.#options.topic, partition, record })),
        );
        for (const { append } of group) this.#acknowledge(append);
      } catch (error) {
        const cause = new QueueClosedError('the broker did not acknowledge', { cause: error });
        this.#options.onTrouble?.(reasonOf(error));
        for (const { append } of group) this.#settle(append, () => append.reject(cause));
      }
    }
  }

  /** The next records for one request: as many as fit, for as few partitions as they need. */
  #group(): readonly (Waiting & { readonly partition: number })[] {
    const count = this.#facts?.partitions ?? 1;
    const group: (Waiting & { readonly partition: number })[] = [];
    let [bytes, part, parts] = [0, 0, 0];
    let taken = 0;
    for (const waiting of this.#waiting) {
      const size = waiting.record.value.byteLength;
      if (bytes > 0 && bytes + size > maxGroupBytes) break;
      if (part > 0 && part + size > maxPartBytes) {
        if (parts === count - 1) break;
        parts += 1;
        part = 0;
      }
      taken += 1;
      if (waiting.append.isSettled) continue;
      waiting.append.isSent = true;
      group.push({ ...waiting, partition: (this.#partition + parts) % count });
      bytes += size;
      part += size;
    }
    this.#waiting = this.#waiting.slice(taken);
    this.#partition = (this.#partition + parts + 1) % count;
    return group;
  }

  #acknowledge(append: Append): void {
    append.left -= 1;
    if (append.left > 0) return;
    const replicas = this.#facts?.minInsyncReplicas ?? 1;
    this.#settle(append, () => append.resolve({ durability: 'replicated', replicas }));
  }

  #settle(append: Append, settle: () => void): void {
    if (append.isSettled) return;
    append.isSettled = true;
    this.#open.delete(append);
    this.#underWay -= append.bytes;
    settle();
  }

  /** Those that wait behind a broker that does not answer are told so in their time. */
  #expire(): void {
    const now = Date.now();
    for (const append of this.#open) {
      if (append.expiresAt > now) return;
      const error = append.isSent
        ? new QueueClosedError('the broker did not acknowledge in time')
        : new QueueFullError('broker', retryAfterSeconds);
      this.#settle(append, () => append.reject(error));
    }
  }
}
