import type { Random } from './random.ts';

/** Average seconds between bursts, how long one lasts, and how many times the usual rate it brings. */
const burst = { everySeconds: 180, seconds: 5, factor: 4 } as const;

/**
 * When the next request is due, whether or not the last one was answered: a slow service gets no less traffic.
 * Requests come at random, `rate` a second on average, bursts included.
 */
export class Pace {
  readonly #random: Random;
  readonly #baseRate: number;
  #burstUntil = 0;
  #nextBurst: number;

  /** `rate` is the average over long times, in requests a second; more than 0. */
  constructor(rate: number, random: Random) {
    const burstShare = burst.seconds / (burst.everySeconds + burst.seconds);
    this.#baseRate = rate / (1 + (burst.factor - 1) * burstShare);
    this.#random = random;
    this.#nextBurst = random.gap(1 / burst.everySeconds);
  }

  /** Seconds from `now` (in seconds) to the next request. */
  gap(now: number): number {
    if (now >= this.#nextBurst) {
      this.#burstUntil = now + burst.seconds;
      this.#nextBurst = this.#burstUntil + this.#random.gap(1 / burst.everySeconds);
    }
    return this.#random.gap(now < this.#burstUntil ? this.#baseRate * burst.factor : this.#baseRate);
  }
}
