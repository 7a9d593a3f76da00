import { setTimeout as delay } from 'node:timers/promises';
import type { Statistics } from '../../services/traffic-generator/statistics.ts';

type Counts = ReturnType<Statistics['snapshot']>['requests'];
type Count = Counts[number];

interface Look {
  readonly at: number;
  readonly counts: Counts;
}

/** Milliseconds between two looks: an event at twenty requests a second lies at most a handful of them off. */
const pauseMs = 250;

/** What the traffic generator says it sent, over time, so that it can be compared with any window. */
export class TrafficTimeline {
  readonly #url: string;
  readonly #looks: Look[] = [];
  #going = false;

  constructor(url: string) {
    this.#url = url;
  }

  start(): void {
    this.#going = true;
    void this.#follow();
  }

  stop(): void {
    this.#going = false;
  }

  /** Epoch milliseconds of the first answer; now while there is none. */
  get firstAt(): number {
    return this.#looks[0]?.at ?? Date.now();
  }

  /**
   * Requests from one moment to another, by what `group` calls them; those it gives no name are left out.
   * @param from epoch milliseconds, like `to`
   */
  between(
    from: number,
    to: number,
    group: (request: Count) => string | undefined,
  ): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    const add = (look: Look | undefined, sign: number): void => {
      for (const request of look?.counts ?? []) {
        const name = group(request);
        if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + sign * request.count);
      }
    };
    add(this.#lookBefore(to), 1);
    add(this.#lookBefore(from), -1);
    return sums;
  }

  #lookBefore(moment: number): Look | undefined {
    return this.#looks.findLast(({ at }) => at <= moment);
  }

  async #follow(): Promise<void> {
    while (this.#going) {
      const look = await this.#look().catch(() => undefined);
      if (look) this.#looks.push(look);
      await delay(pauseMs);
    }
  }

  async #look(): Promise<Look> {
    const answer = await fetch(this.#url, { signal: AbortSignal.timeout(5000) });
    const { requests } = (await answer.json()) as ReturnType<Statistics['snapshot']>;
    return { at: Date.now(), counts: requests };
  }
}
