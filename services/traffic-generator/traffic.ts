import { demoPassword, demoUserName } from '../kit/demo-users.ts';
import { Client } from './client.ts';
import { Listener } from './listener.ts';
import { Pace } from './pace.ts';
import { Random } from './random.ts';
import type { TrafficSettings } from './settings.ts';
import { Statistics } from './statistics.ts';
import { VirtualUser } from './virtual-user.ts';

/** Requests that may wait for an answer at once; more are skipped and counted. */
const maxInFlight = 100;

/** After so many requests without any answer the service is taken to be away, and only this share still tries. */
const awayAfter = 10;
const shareWhileAway = 0.2;

/** All virtual users together. */
export class Traffic {
  readonly statistics = new Statistics();
  readonly #rate: number;
  readonly #random: Random;
  readonly #client: Client;
  readonly #users: readonly [VirtualUser, ...VirtualUser[]];
  readonly #listeners: readonly Listener[];
  #timer: NodeJS.Timeout | undefined;
  #inFlight = 0;

  constructor(settings: TrafficSettings) {
    const {
      BACKEND_API_URL: baseUrl,
      TRAFFIC_RATE: rate,
      TRAFFIC_SEED: seed,
      TRAFFIC_USERS: users,
    } = settings;
    this.#rate = rate;
    this.#random = new Random(seed);
    this.#client = new Client(baseUrl, new Random(seed ^ (Date.now() >>> 0)), this.statistics);
    const newUser = (index: number) =>
      new VirtualUser(demoUserName(index), demoPassword, this.#client, new Random(seed + 1000 + index));
    this.#users = [newUser(0), ...Array.from({ length: users - 1 }, (_, index) => newUser(index + 1))];
    this.#listeners = this.#users.map(
      (user, index) =>
        new Listener(baseUrl, user, this.#client, new Random(seed + 2000 + index), this.statistics),
    );
  }

  start(): void {
    if (this.#rate === 0) return;
    for (const listener of this.#listeners) listener.start();
    const pace = new Pace(this.#rate, this.#random);
    const started = performance.now();
    let due = 0;
    const next = () => {
      const now = (performance.now() - started) / 1000;
      // After a suspended laptop wakes up, what was missed is not made up for.
      if (now - due > 5) due = now;
      due += pace.gap(due);
      this.#timer = setTimeout(
        () => {
          this.#act();
          next();
        },
        Math.max(0, (due - now) * 1000),
      );
    };
    next();
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.stop();
  }

  #act(): void {
    const away = this.#client.unanswered >= awayAfter && !this.#random.chance(shareWhileAway);
    if (away || this.#inFlight >= maxInFlight) {
      this.statistics.skipped += 1;
      return;
    }
    this.#inFlight += 1;
    void this.#random
      .pick(this.#users)
      .act()
      .finally(() => {
        this.#inFlight -= 1;
      });
  }
}
