import { events } from '../../../telemetry/contract/events.ts';
import type { Topic } from '../../../telemetry/contract/labels.ts';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { type CloudEvent, topicOf } from './cloud-event.ts';
import { type Claim, EmbeddedStore } from './embedded-store.ts';
import { type Depth, maxAttempts, type Receiver, retryDelayMs, type Transport } from './event-bus.ts';

export interface EmbeddedOptions {
  readonly path: string;
  readonly subscriber: ServiceName;
  /** Milliseconds to wait after attempt n; tests shorten it. */
  readonly retryDelayMs?: (attempt: number) => number;
  /** Milliseconds after which a killed subscriber's deliveries are given out again; renewed while one is in hand. */
  readonly leaseMs?: number;
}

/** Deliveries in hand at once. They wait for disk and network, not for the processor. */
const concurrency = 4;
/** Milliseconds between looks for another process's commit. */
const lookMs = 20;
/** Milliseconds between looks for what became visible by time alone: retries, expired leases. */
const sweepMs = 200;

function describeBody(body: string): { id: string; subject: string } {
  const { id, subject } = JSON.parse(body) as Pick<CloudEvent, 'id' | 'subject'>;
  return { id, subject };
}

/**
 * The bus where no Dapr runs: a SQLite file shared by the processes. Events are kept until every subscriber that
 * the contract names has processed them, whether or not it runs at the moment. Order is kept within a subject,
 * except that a dead-lettered event lets the later ones pass.
 */
export class EmbeddedTransport implements Transport {
  readonly #store: EmbeddedStore;
  readonly #subscriber: ServiceName;
  readonly #retryDelayMs: (attempt: number) => number;
  readonly #leaseMs: number;
  readonly #inHand = new Map<number, Promise<void>>();
  #receive: Receiver | undefined;
  #onTrouble: (error: unknown) => void = () => {};
  /** Whether the last look failed; trouble is told once, not at every look. */
  #troubled = false;
  #look: NodeJS.Timeout | undefined;
  #renew: NodeJS.Timeout | undefined;
  #seenVersion = -1;
  #sweptAt = 0;

  constructor(options: EmbeddedOptions) {
    this.#store = new EmbeddedStore(options.path);
    this.#subscriber = options.subscriber;
    this.#retryDelayMs = options.retryDelayMs ?? retryDelayMs;
    this.#leaseMs = options.leaseMs ?? 10_000;
  }

  async publish(event: CloudEvent): Promise<void> {
    const { id, subject, type } = event;
    this.#store.append(
      { id, subject, topic: topicOf(type), body: JSON.stringify(event) },
      events[type].subscribers,
    );
  }

  async start(
    _topics: readonly Topic[],
    receive: Receiver,
    onTrouble: (error: unknown) => void,
  ): Promise<void> {
    this.#receive = receive;
    this.#onTrouble = onTrouble;
    this.#look = setInterval(() => this.#wake(), lookMs);
    this.#renew = setInterval(() => this.#renewLeases(), this.#leaseMs / 3);
  }

  async stop(): Promise<void> {
    clearInterval(this.#look);
    clearInterval(this.#renew);
    this.#receive = undefined;
    await Promise.all(this.#inHand.values());
    this.#store.close();
  }

  async probe(): Promise<void> {
    this.#store.version();
  }

  depth(topic: Topic): Depth {
    return this.#store.depth(this.#subscriber, topic);
  }

  #wake(): void {
    try {
      const version = this.#store.version();
      const due = Date.now() - this.#sweptAt >= sweepMs;
      if (version === this.#seenVersion && !due) return;
      this.#seenVersion = version;
      if (due) {
        this.#sweptAt = Date.now();
        this.#store.requeueReplays(this.#subscriber, describeBody);
      }
      this.#fill();
      this.#troubled = false;
    } catch (error) {
      // Busy beyond the timeout, or the disk is full: the next look tries again.
      if (!this.#troubled) this.#onTrouble(error);
      this.#troubled = true;
    }
  }

  #fill(): void {
    const receive = this.#receive;
    const free = concurrency - this.#inHand.size;
    if (receive === undefined || free <= 0) return;
    for (const claim of this.#store.claim(this.#subscriber, free, this.#leaseMs)) {
      const done = this.#deliver(claim, receive).finally(() => {
        this.#inHand.delete(claim.seq);
        // What waited behind this one, in its subject or for a free hand, is looked for at once.
        this.#seenVersion = -1;
      });
      this.#inHand.set(claim.seq, done);
    }
  }

  async #deliver(claim: Claim, receive: Receiver): Promise<void> {
    const last = claim.attempts >= maxAttempts;
    try {
      const event: unknown = JSON.parse(claim.body);
      const verdict = await receive({ topic: claim.topic as Topic, event, attempt: claim.attempts, last });
      if (verdict.outcome === 'success') this.#store.acknowledge(this.#subscriber, claim.seq);
      else if (verdict.outcome === 'dead_letter') this.#store.bury(this.#subscriber, claim, verdict.reason);
      else this.#store.postpone(this.#subscriber, claim.seq, this.#retryDelayMs(claim.attempts));
    } catch (error) {
      // Not acknowledged, so it comes back when the lease ends; at least once is kept.
      this.#onTrouble(error);
    }
  }

  #renewLeases(): void {
    try {
      for (const seq of this.#inHand.keys()) this.#store.postpone(this.#subscriber, seq, this.#leaseMs);
    } catch (error) {
      // A lease that could not be renewed means a second delivery, which handlers must stand anyway.
      this.#onTrouble(error);
    }
  }
}
