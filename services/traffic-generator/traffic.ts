import type { ServiceName } from '../../telemetry/contract/services.ts';
import { demoPassword, demoUserName } from '../kit/demo-users.ts';
import { Client, type ServiceUrls } from './client.ts';
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

interface OperatorLook {
  readonly service: ServiceName;
  readonly route: string;
  readonly path: string;
}

/**
 * Share of requests that are an operator's look at another service: enough that each of them gets more, at the default
 * rate, than alerts need to judge it by its requests.
 */
const operatorShare = 0.12;
const operatorLooks: readonly [OperatorLook, ...OperatorLook[]] = [
  { service: 'recurring-task', route: '/occurrences', path: '/occurrences?limit=20' },
  { service: 'notification', route: '/reminders', path: '/reminders?limit=20' },
  { service: 'sync', route: '/status', path: '/status' },
  { service: 'audit', route: '/entries', path: '/entries?limit=20' },
];

function serviceUrls(settings: TrafficSettings): ServiceUrls {
  const others = {
    'recurring-task': settings.RECURRING_TASK_URL,
    notification: settings.NOTIFICATION_URL,
    sync: settings.SYNC_URL,
    audit: settings.AUDIT_URL,
  };
  const known = Object.entries(others).filter(([, url]) => url !== undefined);
  return { 'backend-api': settings.BACKEND_API_URL, ...Object.fromEntries(known) };
}

/** All virtual users together, and now and then an operator. */
export class Traffic {
  readonly statistics = new Statistics();
  readonly #rate: number;
  readonly #random: Random;
  readonly #urls: ServiceUrls;
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
    this.#urls = serviceUrls(settings);
    this.#client = new Client(this.#urls, new Random(seed ^ (Date.now() >>> 0)), this.statistics);
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
    void this.#request().finally(() => {
      this.#inFlight -= 1;
    });
  }

  async #request(): Promise<void> {
    const look = this.#random.pick(operatorLooks);
    const looks = this.#random.chance(operatorShare) && this.#urls[look.service] !== undefined;
    if (looks) await this.#client.send({ method: 'GET', ...look });
    else await this.#random.pick(this.#users).act();
  }
}
