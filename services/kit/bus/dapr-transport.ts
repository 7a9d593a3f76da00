import type { DatabaseSync } from 'node:sqlite';
import express, { type Router } from 'express';
import { deadLetterTopicOf } from '../../../telemetry/contract/events.ts';
import { type Topic, topics } from '../../../telemetry/contract/labels.ts';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { openSqlite, writeTransaction } from '../sqlite.ts';
import { AttemptCounts } from './attempt-counts.ts';
import { type CloudEvent, topicOf } from './cloud-event.ts';
import { type DeadLetter, DeadLetterTable } from './dead-letters.ts';
import { type Depth, maxAttempts, type Receiver, type Transport } from './event-bus.ts';

export interface DaprOptions {
  /** Port of the sidecar's HTTP API on 127.0.0.1. */
  readonly httpPort: number;
  readonly pubsub: string;
  /** Dapr's name of the component that keeps state. */
  readonly stateStore: string;
  readonly subscriber: ServiceName;
  /** SQLite file of its dead letters; services of one machine may share it. */
  readonly ledgerPath: string;
  /** Milliseconds between looks for dead letters that a person asked to replay, 1000 unless given. */
  readonly replayMs?: number;
}

/** Dapr's answers to a delivery. https://docs.dapr.io/reference/api/pubsub_api/ */
type DaprStatus = 'SUCCESS' | 'RETRY' | 'DROP';

/** Milliseconds a call of the sidecar may take. */
const sidecarTimeoutMs = 5000;
const maxEventBytes = '256kb';

/**
 * The bus where a Dapr sidecar runs. Dapr redelivers what is answered RETRY, but neither counts attempts for the
 * application nor tells how many events wait; the application counts, in Dapr's state store, and the lag is what it
 * has been handed and not finished. Dapr lets go of what is answered DROP even when its dead-letter topic does not take
 * it, so that a dead letter is first kept here.
 */
export class DaprTransport implements Transport {
  readonly #options: DaprOptions;
  readonly #ledger: DatabaseSync;
  readonly #deadLetters: DeadLetterTable;
  readonly #attempts: AttemptCounts;
  readonly #started = Promise.withResolvers<void>();
  readonly #inHand = new Map<Topic, number>();
  /** Events that Dapr was asked to deliver again. */
  readonly #waiting = new Map<string, Topic>();
  readonly #running = new Set<Promise<unknown>>();
  /** Ids of the dead letters that are being delivered again. */
  readonly #replayed = new Set<number>();
  #topics: readonly Topic[] = [];
  #receive: Receiver | undefined;
  #onTrouble: (error: unknown) => void = () => {};
  #replays: NodeJS.Timeout | undefined;

  constructor(options: DaprOptions) {
    this.#options = options;
    this.#ledger = openSqlite(options.ledgerPath, { synchronous: 'FULL' });
    this.#deadLetters = new DeadLetterTable(this.#ledger);
    this.#attempts = new AttemptCounts(options.httpPort, options.stateStore);
  }

  async publish(event: CloudEvent): Promise<void> {
    const { httpPort, pubsub } = this.#options;
    const url = `http://127.0.0.1:${httpPort}/v1.0/publish/${pubsub}/${topicOf(event.type)}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents+json',
        ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
      },
      // Without `traceid` Dapr writes a span of its own over the event's trace context, which nobody may ever see.
      body: JSON.stringify(
        event.traceparent === undefined ? event : { ...event, traceid: event.traceparent },
      ),
      signal: AbortSignal.timeout(sidecarTimeoutMs),
    });
    if (!response.ok) {
      const answer = (await response.text()).slice(0, 500);
      throw new Error(`Dapr answered ${response.status} to publishing ${event.type}: ${answer}`);
    }
    await response.body?.cancel();
  }

  /** What the sidecar calls on the application. */
  routes(): Router {
    const router = express.Router();
    router.get('/dapr/subscribe', async (_request, response) => {
      // The port is open before the topics are known, and Dapr asks once.
      await this.#started.promise;
      const { pubsub, subscriber } = this.#options;
      const deadLetterTopic = deadLetterTopicOf(subscriber);
      response.json(
        this.#topics.map((topic) => ({
          pubsubname: pubsub,
          topic,
          route: `/events/${topic}`,
          deadLetterTopic,
        })),
      );
    });
    const body = express.json({
      limit: maxEventBytes,
      type: ['application/cloudevents+json', 'application/json'],
    });
    router.post('/events/:topic', body, async (request, response) => {
      const topic = topics.find((name) => name === request.params.topic);
      const known = topic !== undefined && this.#topics.includes(topic);
      const status: DaprStatus = known ? await this.#track(this.#accept(topic, request.body)) : 'DROP';
      response.json({ status });
    });
    return router;
  }

  async start(
    subscribed: readonly Topic[],
    receive: Receiver,
    onTrouble: (error: unknown) => void,
  ): Promise<void> {
    this.#topics = subscribed;
    this.#receive = receive;
    this.#onTrouble = onTrouble;
    this.#replays = setInterval(() => this.#replay(), this.#options.replayMs ?? 1000);
    this.#started.resolve();
  }

  async stop(): Promise<void> {
    clearInterval(this.#replays);
    this.#receive = undefined;
    await Promise.allSettled(this.#running);
    this.#ledger.close();
  }

  async probe(): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#options.httpPort}/v1.0/healthz/outbound`, {
      signal: AbortSignal.timeout(sidecarTimeoutMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the Dapr sidecar is not healthy: it answered ${response.status}`);
  }

  depth(topic: Topic): Depth {
    const waiting = [...this.#waiting.values()].filter((one) => one === topic).length;
    return {
      lag: Math.max(this.#inHand.get(topic) ?? 0, waiting),
      deadLetters: this.#deadLetters.count(this.#options.subscriber, topic),
    };
  }

  async #accept(topic: Topic, event: unknown): Promise<DaprStatus> {
    const receive = this.#receive;
    if (receive === undefined) return 'RETRY';
    this.#inHand.set(topic, (this.#inHand.get(topic) ?? 0) + 1);
    try {
      const id = eventId(event);
      this.#waiting.set(id, topic);
      const attempt = await this.#nextAttempt(id);
      const verdict = await receive({ topic, event, attempt, last: attempt >= maxAttempts });
      if (verdict.outcome === 'retry') return 'RETRY';
      if (verdict.outcome === 'dead_letter')
        this.#bury(topic, JSON.stringify(event), verdict.reason, attempt);
      this.#waiting.delete(id);
      await this.#attempts.forget(id).catch(this.#onTrouble);
      return verdict.outcome === 'success' ? 'SUCCESS' : 'DROP';
    } catch (error) {
      // The ledger could not be written; Dapr keeps the event.
      this.#onTrouble(error);
      return 'RETRY';
    } finally {
      this.#inHand.set(topic, (this.#inHand.get(topic) ?? 1) - 1);
    }
  }

  /** An event is better handled than counted: without the store each attempt is the first. */
  async #nextAttempt(id: string): Promise<number> {
    try {
      return await this.#attempts.next(id);
    } catch (error) {
      this.#onTrouble(error);
      return 1;
    }
  }

  #bury(topic: Topic, body: string, reason: string, attempts: number): void {
    this.#deadLetters.add({ subscriber: this.#options.subscriber, topic, body, reason, attempts });
  }

  #replay(): void {
    const receive = this.#receive;
    if (receive === undefined) return;
    try {
      for (const letter of this.#deadLetters.replays(this.#options.subscriber)) {
        if (this.#replayed.has(letter.id)) continue;
        this.#replayed.add(letter.id);
        void this.#track(this.#deliverAgain(letter, receive).catch(this.#onTrouble)).finally(() =>
          this.#replayed.delete(letter.id),
        );
      }
    } catch (error) {
      // The ledger cannot be read; the next look tries again.
      this.#onTrouble(error);
    }
  }

  /**
   * Dapr no longer has the event, so this attempt is the last: a failure puts the letter back. Until its end the
   * letter stays where it is, so that a crash means another delivery and not a loss.
   */
  async #deliverAgain(letter: DeadLetter, receive: Receiver): Promise<void> {
    const topic = letter.topic as Topic;
    const event: unknown = JSON.parse(letter.body);
    const verdict = await receive({ topic, event, attempt: 1, last: true });
    writeTransaction(this.#ledger, () => {
      this.#deadLetters.remove(letter.id);
      if (verdict.outcome !== 'success') this.#bury(topic, letter.body, verdict.reason, letter.attempts + 1);
    });
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }
}

function eventId(event: unknown): string {
  const id = typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined;
  return typeof id === 'string' ? id.slice(0, 200) : 'without-id';
}
