import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../quantile.ts';

/** Sends one request and says whether it was taken. */
export type SendOnce = () => Promise<boolean>;

export interface LoadResult {
  readonly eventsPerSecond: number;
  /** Milliseconds from when a request was due to its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Requests that were not taken. */
  readonly refused: number;
  readonly events: number;
}

export interface LoadPlan {
  readonly send: SendOnce;
  readonly eventsPerRequest: number;
  readonly seconds: number;
  /** Ends the load with its reason. */
  readonly signal: AbortSignal;
}

/** As fast as so many connections get answers. */
export async function fastest(
  { send, eventsPerRequest, seconds, signal }: LoadPlan,
  connections: number,
): Promise<LoadResult> {
  const tally = new Tally(eventsPerRequest);
  const end = performance.now() + seconds * 1000;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        signal.throwIfAborted();
        const due = performance.now();
        tally.add(await send(), performance.now() - due);
      }
    }),
  );
  return tally.result((performance.now() - started) / 1000);
}

/**
 * At a fixed rate, whether answers come or not. Time counts from when a request was due, so that a stall is felt by
 * every request that it held up.
 */
export async function steady(
  { send, eventsPerRequest, seconds, signal }: LoadPlan,
  eventsPerSecond: number,
): Promise<LoadResult> {
  const tally = new Tally(eventsPerRequest);
  const everyMs = (1000 * eventsPerRequest) / eventsPerSecond;
  const started = performance.now();
  const requests = Math.floor((seconds * 1000) / everyMs);
  const underWay: Promise<void>[] = [];
  for (let index = 0; index < requests; index += 1) {
    const due = started + index * everyMs;
    const wait = due - performance.now();
    if (wait > 1) await delay(wait, undefined, { signal });
    underWay.push(send().then((wasTaken) => tally.add(wasTaken, performance.now() - due)));
  }
  await Promise.all(underWay);
  return tally.result((performance.now() - started) / 1000);
}

class Tally {
  readonly #eventsPerRequest: number;
  readonly #times: number[] = [];
  #refused = 0;

  constructor(eventsPerRequest: number) {
    this.#eventsPerRequest = eventsPerRequest;
  }

  add(wasTaken: boolean, milliseconds: number): void {
    if (wasTaken) this.#times.push(milliseconds);
    else this.#refused += 1;
  }

  result(seconds: number): LoadResult {
    const events = this.#times.length * this.#eventsPerRequest;
    return {
      eventsPerSecond: events / seconds,
      p50: quantile(this.#times, 0.5),
      p99: quantile(this.#times, 0.99),
      refused: this.#refused,
      events,
    };
  }
}
