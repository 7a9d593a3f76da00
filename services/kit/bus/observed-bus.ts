import type { Topic } from '../../../telemetry/contract/labels.ts';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import type { LineLog } from '../../../telemetry/instrument/declared-line.ts';
import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import type { Logger } from '../../../telemetry/instrument/logger.ts';
import { faultyDelivery, InjectedFault } from '../faults/effects.ts';
import type { Faults } from '../faults/injector.ts';
import { type CloudEvent, parseEvent, topicOf } from './cloud-event.ts';
import {
  type Delivery,
  type EventBus,
  type EventHandler,
  maxAttempts,
  PoisonEvent,
  type Transport,
  type Verdict,
} from './event-bus.ts';

export interface ObservedBusOptions {
  readonly transport: Transport;
  readonly instrumentation: Pick<
    Instrumentation<ServiceName>,
    'line' | 'logger' | 'metrics' | 'trace' | 'setUser'
  >;
  /** Counts what was handed to the bus; only publishers have one. */
  readonly countPublished?: (labels: { topic: Topic; outcome: 'success' | 'failure' }) => void;
  readonly faults: Faults;
}

/** Milliseconds between looks at lag and dead letters. */
const depthMs = 1000;

/** A transport with what every delivery gets, whichever bus it is: validation, trace context, metrics, log lines. */
export class ObservedBus implements EventBus {
  readonly #options: ObservedBusOptions;
  readonly #log: Logger;
  readonly #published: LineLog<'event_published'>;
  readonly #notPublished: LineLog<'event_not_published'>;
  readonly #deadLettered: LineLog<'event_dead_lettered'>;
  readonly #measures;
  readonly #handlers = new Map<Topic, (value: unknown) => Promise<Verdict>>();
  readonly #stopping = new AbortController();
  #depthTimer: NodeJS.Timeout | undefined;

  constructor(options: ObservedBusOptions) {
    const { metrics, logger, line } = options.instrumentation;
    this.#options = options;
    this.#log = logger('events.bus');
    this.#published = line('event_published');
    this.#notPublished = line('event_not_published');
    this.#deadLettered = line('event_dead_lettered');
    this.#measures = {
      processed: metrics.counter('events_processed_total'),
      duration: metrics.histogram('event_processing_duration_seconds'),
      latency: metrics.histogram('event_latency_seconds'),
      lag: metrics.gauge('event_consumer_lag'),
      deadLetters: metrics.gauge('event_dead_letters'),
    };
  }

  async publish(event: CloudEvent): Promise<void> {
    const { transport, faults, countPublished } = this.#options;
    const topic = topicOf(event.type);
    try {
      if (faults.strikes('event-publish')) throw new InjectedFault('the bus does not take the event');
      await transport.publish(event);
    } catch (error) {
      countPublished?.({ topic, outcome: 'failure' });
      this.#notPublished({ topic, event_id: event.id, event_type: event.type, error });
      throw error;
    }
    countPublished?.({ topic, outcome: 'success' });
    this.#published({ topic, event_id: event.id, event_type: event.type });
  }

  subscribe<T extends Topic>(topic: T, handler: EventHandler<T>): void {
    this.#handlers.set(topic, async (value) => {
      const parsed = parseEvent(topic, value);
      if (!parsed.ok) return { outcome: 'dead_letter', reason: parsed.reason };
      const { data } = parsed.event;
      this.#options.instrumentation.setUser('actor' in data ? data.actor : data.owner);
      await handler(parsed.event);
      return { outcome: 'success' };
    });
  }

  async start(): Promise<void> {
    const topics = [...this.#handlers.keys()];
    await this.#options.transport.start(
      topics,
      (delivery) => this.#receive(delivery),
      (error) => this.#log.error('the event bus has trouble', { error }),
    );
    this.#measureDepth();
    this.#depthTimer = setInterval(() => this.#measureDepth(), depthMs);
    this.#depthTimer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#depthTimer);
    this.#stopping.abort();
    await this.#options.transport.stop();
  }

  probe(): Promise<void> {
    return this.#options.transport.probe();
  }

  #receive(delivery: Delivery): Promise<Verdict> {
    const { topic, event, attempt } = delivery;
    const about = identify(event);
    const carrier = { traceparent: about.traceparent, requestId: about.requestid };
    return this.#options.instrumentation.trace.run(carrier, `process ${topic}`, 'consumer', async () => {
      const start = performance.now();
      const verdict = final(delivery, await this.#attempt(delivery));
      const seconds = (performance.now() - start) / 1000;
      this.#measures.duration.observe({ topic }, seconds);
      this.#measures.processed.inc({ topic, outcome: verdict.outcome });
      const fields = {
        topic,
        event_id: about.id,
        event_type: about.type,
        attempt,
        duration_ms: seconds * 1000,
      };
      if (verdict.outcome === 'success') {
        const published = about.time === undefined ? Number.NaN : Date.parse(about.time);
        if (Number.isFinite(published)) {
          this.#measures.latency.observe({ topic }, Math.max(0, Date.now() - published) / 1000);
        }
        this.#log.info('event processed', fields);
      } else if (verdict.outcome === 'retry') {
        this.#log.warning('event will be delivered again', { ...fields, reason: verdict.reason });
      } else {
        this.#deadLettered({ ...fields, reason: verdict.reason });
      }
      return verdict;
    });
  }

  async #attempt({ topic, event, attempt }: Delivery): Promise<Verdict> {
    const handler = this.#handlers.get(topic);
    if (handler === undefined) return { outcome: 'dead_letter', reason: `nobody handles ${topic} here` };
    if (attempt > maxAttempts) {
      return { outcome: 'dead_letter', reason: `the process ended during each of ${maxAttempts} deliveries` };
    }
    try {
      await faultyDelivery(this.#options.faults, this.#stopping.signal);
      return await handler(event);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof PoisonEvent) return { outcome: 'dead_letter', reason };
      this.#log.error('the handler of an event failed', { topic, attempt, error });
      return { outcome: 'retry', reason };
    }
  }

  #measureDepth(): void {
    for (const topic of this.#handlers.keys()) {
      try {
        const { lag, deadLetters } = this.#options.transport.depth(topic);
        this.#measures.lag.set({ topic }, lag);
        this.#measures.deadLetters.set({ topic }, deadLetters);
      } catch {
        // The gauges keep their last value; the health check tells that the bus cannot be read.
      }
    }
  }
}

function final(delivery: Delivery, verdict: Verdict): Verdict {
  if (verdict.outcome !== 'retry' || !delivery.last) return verdict;
  return { outcome: 'dead_letter', reason: `gave up after ${delivery.attempt} attempts: ${verdict.reason}` };
}

type Identification = Partial<Record<'id' | 'type' | 'time' | 'traceparent' | 'requestid', string>>;

/** What an unchecked event says about itself, as far as it is text. */
function identify(event: unknown): Identification {
  if (typeof event !== 'object' || event === null) return {};
  const wanted = ['id', 'type', 'time', 'traceparent', 'requestid'];
  return Object.fromEntries(
    Object.entries(event)
      .filter(([key, value]) => wanted.includes(key) && typeof value === 'string')
      .map(([key, value]) => [key, (value as string).slice(0, 200)]),
  );
}
