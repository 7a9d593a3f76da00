import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
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
import { handedOver } from './handed-over.ts';
import { lockQueue, type ProcessLock } from './process-lock.ts';
import type { FromWriter, ToWriter, WriterOptions } from './writer-messages.ts';

export interface EmbeddedQueueOptions {
  readonly directory: string;
  /** The queue is full at so many bytes of batches. */
  readonly maxBytes: number;
  /** Bytes of the disk that are left free: the consumer's progress needs some to be written down. */
  readonly minFreeBytes: number;
  readonly synchronous?: WriterOptions['synchronous'];
  /** What is stored cannot be deleted, or the file not looked at: said once, tried again, batches are taken meanwhile. */
  readonly onTrouble?: (reason: string) => void;
  /** An append failed: the queue takes nothing more until it is opened again. */
  readonly onFailure?: (error: QueueClosedError) => void;
}

/** Groups with the writer at once: one that it works on, and the next, so that it never waits. */
const maxGroups = 2;
/** Bytes that wait for the disk in memory. */
const maxWaitingBytes = 128 * 1024 * 1024;
const fsynced: Receipt = { durability: 'fsynced' };
/** Seconds after which a sender should try again: a consumer frees the queue sooner than a person frees a disk. */
const retryAfterSeconds = { queue: 5, disk: 30 } as const;

interface Waiting {
  /** Of the body, which is gone once it is handed over. */
  readonly bytes: number;
  readonly batch: LogBatch;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens the queue of a directory and holds it until `close`.
 * @throws SightlineError SL1720 when another process holds it, SL1702 when its file cannot be used
 */
export async function openEmbeddedQueue(options: EmbeddedQueueOptions): Promise<LogQueue> {
  const lock = lockQueue(options.directory, 'gateway');
  const { directory, synchronous = 'FULL' } = options;
  const workerData: WriterOptions = { directory, synchronous };
  const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData });
  try {
    const [ready] = (await once(worker, 'message')) as [FromWriter];
    return new EmbeddedQueue(options, worker, lock, ready);
  } catch (error) {
    lock.release();
    throw error;
  }
}

class EmbeddedQueue implements LogQueue {
  readonly #options: EmbeddedQueueOptions;
  readonly #worker: Worker;
  /** The thread is gone and the lock free. */
  readonly #ended: Promise<void>;
  readonly #groups: Waiting[][] = [];
  #waiting: Waiting[] = [];
  /** Bytes in `#waiting` and `#groups`. */
  #underWay = 0;
  #entries = 0;
  #bytes = 0;
  #oldestAt: number | undefined;
  #diskLeft = 0;
  #failure: QueueClosedError | undefined;
  #sending = false;
  #idle: (() => void) | undefined;

  constructor(options: EmbeddedQueueOptions, worker: Worker, lock: ProcessLock, ready: FromWriter) {
    this.#options = options;
    this.#worker = worker;
    this.#ended = new Promise<void>((resolve) => worker.once('exit', () => resolve())).then(() =>
      lock.release(),
    );
    this.#hear(ready);
    worker.on('message', (message: FromWriter) => this.#hear(message));
    worker.on('error', (cause) => this.#fail(new QueueClosedError('the queue failed', { cause })));
  }

  append(batch: LogBatch): Promise<Receipt> {
    if (isGone(batch)) return Promise.reject(new BatchGoneError(batch));
    const bytes = batch.body.byteLength;
    const refusal = this.#refusal(bytes);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#underWay += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, bytes, resolve, reject });
      this.#sendSoon();
    });
  }

  state(): QueueState {
    const refusal = this.#refusal(0);
    return {
      entries: this.#entries,
      bytes: this.#bytes,
      bytesLeft: Math.max(0, this.#left()),
      ...(this.#oldestAt === undefined ? {} : { oldestAt: this.#oldestAt }),
      ...(refusal === undefined ? {} : { refusal }),
    };
  }

  async close(): Promise<void> {
    if (this.#failure !== undefined) return this.#ended;
    this.#failure = new QueueClosedError('the queue is closed');
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#worker.postMessage([] satisfies ToWriter);
    await this.#ended;
  }

  #left(): number {
    const { maxBytes, minFreeBytes } = this.#options;
    return Math.min(maxBytes - this.#bytes, this.#diskLeft - minFreeBytes) - this.#underWay;
  }

  #refusal(bytes: number): QueueState['refusal'] {
    if (this.#failure !== undefined) return this.#failure;
    const { maxBytes, minFreeBytes } = this.#options;
    if (this.#diskLeft - this.#underWay - bytes < minFreeBytes) return full('disk');
    const isFull = this.#bytes + this.#underWay + bytes > maxBytes;
    return isFull || this.#underWay + bytes > maxWaitingBytes ? full('queue') : undefined;
  }

  /** After the current turn, so that appends of one turn share a transaction. */
  #sendSoon(): void {
    if (this.#sending || this.#groups.length === maxGroups) return;
    this.#sending = true;
    setImmediate(() => {
      this.#sending = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#waiting.length === 0 || this.#groups.length === maxGroups) return;
    const group = this.#waiting;
    this.#waiting = [];
    this.#groups.push(group);
    const { batches, memory } = handedOver(group.map(({ batch }) => batch));
    this.#worker.postMessage(batches satisfies ToWriter, memory);
  }

  #hear(message: FromWriter): void {
    if (message.kind === 'ready' || message.kind === 'state') {
      this.#entries = message.totals.entries;
      this.#bytes = message.totals.bytes;
      this.#oldestAt = message.totals.oldestAt ?? undefined;
      this.#diskLeft = message.diskLeft;
    } else if (message.kind === 'trouble') {
      this.#options.onTrouble?.(message.reason);
    } else if (message.kind !== 'closed') {
      this.#settle(message.kind);
    }
  }

  #settle(outcome: 'appended' | 'refused'): void {
    for (const { batch, bytes, resolve, reject } of this.#groups.shift() ?? []) {
      this.#underWay -= bytes;
      if (outcome === 'refused') {
        reject(full('disk'));
      } else {
        this.#entries += batch.count;
        this.#bytes += bytes;
        this.#diskLeft -= bytes;
        resolve(fsynced);
      }
    }
    if (this.#underWay === 0) this.#idle?.();
    this.#send();
  }

  #fail(error: QueueClosedError): void {
    this.#failure = error;
    for (const { reject } of [...this.#groups.splice(0).flat(), ...this.#waiting.splice(0)]) reject(error);
    this.#underWay = 0;
    this.#idle?.();
    this.#options.onFailure?.(error);
  }
}

const full = (reason: keyof typeof retryAfterSeconds) =>
  new QueueFullError(reason, retryAfterSeconds[reason]);
