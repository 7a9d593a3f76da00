import type { Kysely } from 'kysely';
import type { LineLog } from '../../telemetry/instrument/declared-line.ts';
import type { Trace } from '../../telemetry/instrument/tracing.ts';
import type { CloudEvent } from '../kit/bus/cloud-event.ts';
import type { EventBus } from '../kit/bus/event-bus.ts';
import type { Tables } from './schema.ts';

export interface OutboxRelayOptions {
  readonly database: Kysely<Tables>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly trace: Trace;
  readonly waits: LineLog<'outbox_waiting'>;
}

const batchSize = 50;
/** Milliseconds to the next try after n failures in a row: 200 ms doubled up to 10 s, half of it jitter. */
function pauseMs(failures: number): number {
  const ceiling = Math.min(10_000, 200 * 2 ** (failures - 1));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

/**
 * Hands committed events to the bus, in order. When the bus fails it stops and tries the same event again later:
 * a bus that is away is away for all of them. A crash between publishing and forgetting publishes twice, under
 * the same id.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  #running: Promise<void> | undefined;
  #again = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
  }

  /** Something may be waiting. Cheap to call at any time. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#drain().finally(() => {
      this.#running = undefined;
      const again = this.#again;
      this.#again = false;
      if (this.#failures > 0) this.#schedule(pauseMs(this.#failures));
      else if (again) this.wake();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.wake(), delayMs);
    this.#timer.unref();
  }

  async #drain(): Promise<void> {
    const { database, waits } = this.#options;
    try {
      for (;;) {
        const rows = await database
          .selectFrom('outbox')
          .selectAll()
          .orderBy('seq')
          .limit(batchSize)
          .execute();
        for (const { seq, event } of rows) {
          if (this.#stopped) return;
          await this.#publish(JSON.parse(event) as CloudEvent);
          await database.deleteFrom('outbox').where('seq', '=', seq).execute();
          this.#failures = 0;
        }
        if (rows.length < batchSize) break;
      }
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      waits({ reason: 'the bus or the database failed', attempt: this.#failures, error });
    }
  }

  #publish(event: CloudEvent): Promise<void> {
    const { bus, trace } = this.#options;
    const carrier = { traceparent: event.traceparent, requestId: event.requestid };
    return trace.run(carrier, `relay ${event.type}`, 'consumer', () => bus.publish(event));
  }
}
