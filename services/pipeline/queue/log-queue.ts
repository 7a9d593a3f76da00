/** Entries of one organization on their way; the unit that the queue stores, reads and acknowledges. */
export interface LogBatch {
  /** The Loki tenant. */
  readonly organization: string;
  /** How many entries the body holds. */
  readonly count: number;
  /** As `batchOf` writes it. Handed over: the queue may detach its memory. */
  readonly body: Uint8Array;
  /** W3C trace context of the request it came with. */
  readonly traceparent?: string;
}

/** A batch as the consumer gets it. */
export interface QueuedBatch extends LogBatch {
  /** Where it lies in the queue; only the queue that gave it can read it. */
  readonly position: string;
  /** Milliseconds since the epoch at which the queue took it. */
  readonly appendedAt: number;
  /**
   * Which of the parts of the queue it is of that are read by themselves, each by one consumer at a time; absent where
   * all of the queue has one consumer.
   */
  readonly partition?: string;
}

/** How safe an acknowledged batch is: synced to the disk of one host, or held by all in-sync replicas of a broker. */
type Durability = 'fsynced' | 'replicated';

export interface Receipt {
  readonly durability: Durability;
  /** So many replicas at least hold it, where a broker does. */
  readonly replicas?: number;
}

export interface QueueState {
  /** Entries that are acknowledged to their sender and not yet stored by the consumer. */
  readonly entries: number;
  readonly bytes: number;
  /** Milliseconds since the epoch at which the oldest of them came; absent when there is none. */
  readonly oldestAt?: number;
  /** Bytes that the queue may still take before it refuses; infinite where a broker decides. */
  readonly bytesLeft: number;
  /** Why the next batch would be refused. Cheap to ask before the work on a request begins. */
  readonly refusal?: QueueFullError | QueueClosedError;
}

/** What the gateway holds. One at a time for the embedded queue. */
export interface LogQueue {
  /**
   * Resolves only when the batch is durable. Its body is the queue's from then on, and its memory may be gone at once.
   * @throws BatchGoneError when the body is gone already; nothing of the batch was kept
   * @throws QueueFullError when there is no room; nothing of the batch was kept
   * @throws QueueClosedError after `close`, or when the queue failed; whether the batch was kept is not known
   */
  append(batch: LogBatch): Promise<Receipt>;
  state(): QueueState;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

export interface ReadLimit {
  /** At least one batch is given whatever its size. */
  readonly maxBytes: number;
  /** Organizations that are passed over for now. Once one is not, its batches come in their order, those first. */
  readonly skip?: ReadonlySet<string>;
}

/** What the ingestor holds. */
export interface LogConsumer {
  /** The next batches after those this consumer was given before, oldest first; empty when there is none now. */
  read(limit: ReadLimit): Promise<readonly QueuedBatch[]>;
  /** Says that these are stored: no consumer gets them again. What is not committed comes again after a restart. */
  commit(batches: readonly QueuedBatch[]): Promise<void>;
  /** What is appended and not committed. */
  state(): Promise<Pick<QueueState, 'entries' | 'bytes' | 'oldestAt'>>;
  close(): Promise<void>;
}

/** A batch whose body was handed over before: what it had cannot be acknowledged once more. */
export class BatchGoneError extends Error {
  constructor({ count }: Pick<LogBatch, 'count'>) {
    super(`the body of a batch of ${count} entries is gone: it was appended before`);
    this.name = 'BatchGoneError';
  }
}

export const isGone = ({ count, body }: LogBatch): boolean => count > 0 && body.byteLength === 0;

const fullTexts = {
  queue: 'the queue is full',
  disk: 'the disk of the queue is full',
  broker: 'the broker of the queue takes nothing now',
} as const;

/** What has no room. */
type FullReason = keyof typeof fullTexts;

/** No room: the sender may try again after some seconds. */
export class QueueFullError extends Error {
  readonly reason: FullReason;
  readonly retryAfterSeconds: number;

  constructor(reason: FullReason, retryAfterSeconds: number) {
    super(fullTexts[reason]);
    this.name = 'QueueFullError';
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The queue takes nothing more: it was closed, or it failed and `cause` says how. */
export class QueueClosedError extends Error {
  /** Until it was started again. */
  readonly retryAfterSeconds = 30;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'QueueClosedError';
  }
}
