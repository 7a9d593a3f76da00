import { setTimeout as delay } from 'node:timers/promises';
import { begin, courseOf, type DrillCourse, follow } from '../../infra/game-day/course.ts';
import type { Drill } from '../../infra/game-day/drills.ts';
import { type AlertOf, alertsOf, alertText, overlap } from '../../infra/game-day/expectation.ts';
import type { Observation, Sighted } from '../../infra/game-day/observation.ts';
import { nextDrills } from '../../infra/game-day/schedule.ts';
import {
  type Destinations,
  isCalm,
  leftBehind,
  lingeringOf,
  missingOf,
  undeclaredIn,
} from '../../infra/game-day/verdict.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import type { Patience } from './patience.ts';

/** A drill that is over. */
export interface DrillResult {
  readonly course: DrillCourse;
  /** What did not happen as declared; none when all did. */
  readonly failures: readonly string[];
}

/** An alert that fired although no fault that was on may raise it. */
export interface Undeclared {
  readonly alert: Sighted;
  readonly at: number;
  /** Names of the drills under way. */
  readonly during: readonly string[];
}

export interface GameDayResult {
  readonly results: readonly DrillResult[];
  readonly undeclared: readonly Undeclared[];
}

/** What a game day does to a stack. */
interface Target {
  observe(): Promise<Observation>;
  isHealthy(): Promise<boolean>;
  /** Burn-rate alerts of budgets that are not whole any more. */
  spentBudgets(): Promise<readonly AlertOf[]>;
  inject(drill: Drill): Promise<void>;
  clear(drill: Drill): Promise<void>;
  tendDeadLetters(action: 'replay' | 'discard', services: ReadonlySet<string>): void;
}

export interface GameDayOptions {
  readonly target: Target;
  readonly destinations: Destinations;
  /** Families that fire for other reasons than a fault: always, or for the machine that this runs on. */
  readonly tolerated: ReadonlySet<string>;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** A drill took a step, an alert changed: whatever is worth a line. */
  readonly say: (subject: string, message: string) => void;
}

interface UnderWay {
  readonly course: DrillCourse;
  readonly failures: readonly string[];
  /** Since when all that the drill raised is over. */
  readonly quietSince: number | undefined;
}

/** Injects every fault, waits for what it must raise, ends it, and waits until that is over. */
export class GameDay {
  readonly #options: GameDayOptions;
  readonly #total: number;
  #waiting: readonly Drill[];
  #underWay: readonly UnderWay[] = [];
  readonly #results: DrillResult[] = [];
  readonly #undeclared = new Map<string, Undeclared>();
  /** What the start and earlier drills raised, and does not end with them. */
  #lasting: readonly AlertOf[] = [];
  #idleSince = Date.now();

  constructor(drills: readonly Drill[], options: GameDayOptions) {
    this.#waiting = drills;
    this.#total = drills.length;
    this.#options = options;
  }

  /** @throws SightlineError SL1009 when the stack does not become quiet before the first fault */
  async run(): Promise<GameDayResult> {
    const { target, patience, signal } = this.#options;
    await this.#untilCalm();
    await this.#forgiveStart();
    while (!signal.aborted && this.#waiting.length + this.#underWay.length > 0) {
      const observation = await target.observe();
      this.#noteUndeclared(observation);
      await this.#step(observation);
      await this.#beginNext(observation);
      await delay(patience.pollMs, undefined, { signal }).catch(() => undefined);
    }
    return { results: this.#results, undeclared: [...this.#undeclared.values()] };
  }

  /** Alerts need a while to notice that nothing is wrong with a stack that just started. */
  async #untilCalm(): Promise<void> {
    const { target, patience, signal, say } = this.#options;
    const deadline = Date.now() + patience.calmMs;
    let said = '';
    let calmSince = Number.POSITIVE_INFINITY;
    while (!signal.aborted) {
      const observation = await target.observe();
      const restless = (await target.isHealthy())
        ? this.#restless(observation)
        : 'every process to be healthy';
      calmSince = restless === '' ? Math.min(calmSince, observation.at) : Number.POSITIVE_INFINITY;
      if (observation.at - calmSince >= patience.settleMs) return;
      if (restless !== said && restless !== '') say('calm', `waits for ${restless}`);
      said = restless;
      if (Date.now() > deadline)
        throw new SightlineError('SL1009', {
          what: `without any fault, it still waits for ${restless}`,
          where: `after ${Math.round(patience.calmMs / 1000)} s`,
          fix: 'look at these alerts with `npm start`: either the machine is too slow for this pace (a smaller --time-scale), or the rules are wrong',
        });
      await delay(patience.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A start that takes a few scrapes too long spends of error budgets, and slow windows remember it for hours. */
  async #forgiveStart(): Promise<void> {
    const spent = await this.#options.target.spentBudgets();
    this.#lasting = spent;
    if (spent.length > 0)
      this.#options.say(
        'calm',
        `forgives, because the start spent of it: ${spent.map(alertText).join(', ')}`,
      );
  }

  /** What is not quiet; empty when all is. */
  #restless(observation: Observation): string {
    if (!observation.complete) return 'Prometheus and Loki to answer';
    const names = [...observation.sighted, ...observation.deliveries]
      .filter(({ family }) => !this.#options.tolerated.has(family))
      .filter(({ family, service }) => !isCalm(observation, [{ family, service }]))
      .map(({ family, service }) => alertText({ family, service }));
    return [...new Set(names)].sort().join(', ');
  }

  #noteUndeclared(observation: Observation): void {
    const { tolerated, say } = this.#options;
    const running = this.#underWay.map(({ course }) => course.drill);
    const during = running.map(({ name }) => name);
    const declared = [...this.#lasting, ...running.flatMap(({ expectation }) => alertsOf(expectation))];
    for (const alert of undeclaredIn(observation, declared, tolerated)) {
      const text = alertText(alert);
      if (this.#undeclared.has(text)) continue;
      this.#undeclared.set(text, { alert, at: observation.at, during });
      say('undeclared', `${text} fires during ${during.join(', ') || 'no fault'}`);
    }
  }

  async #step(observation: Observation): Promise<void> {
    const stillUnderWay: UnderWay[] = [];
    for (const one of this.#underWay) {
      const followed = { ...one, course: follow(one.course, observation) };
      this.#tell(one.course, followed.course);
      const next =
        followed.course.clearedAt === undefined
          ? await this.#waitUntilRaised(followed, observation.at)
          : this.#waitUntilOver(followed, observation.at);
      if (next !== undefined) stillUnderWay.push(next);
    }
    this.#underWay = stillUnderWay;
    if (stillUnderWay.length > 0) this.#idleSince = observation.at;
  }

  async #waitUntilRaised(one: UnderWay, at: number): Promise<UnderWay> {
    const { target, destinations, patience, say } = this.#options;
    const { drill, injectedAt } = one.course;
    const missing = missingOf(one.course, destinations);
    if (missing.length > 0 && at - injectedAt < patience.raiseMs) return one;
    await target.clear(drill);
    say(drill.name, missing.length === 0 ? 'all raised; fault ended' : `given up: ${missing.join('; ')}`);
    return { ...one, course: { ...one.course, clearedAt: at }, failures: missing };
  }

  /** Undefined once it is over. */
  #waitUntilOver(one: UnderWay, at: number): UnderWay | undefined {
    const { target, patience, say } = this.#options;
    const { drill, clearedAt = at } = one.course;
    const { deadLetters = 'replay' } = drill.expectation;
    target.tendDeadLetters(deadLetters, new Set(alertsOf(drill.expectation).map(({ service }) => service)));
    const lingering = lingeringOf(one.course);
    const quietSince = lingering.length === 0 ? (one.quietSince ?? at) : undefined;
    const isTooLate = at - clearedAt > patience.endMs;
    const isOver = quietSince !== undefined && at - quietSince >= patience.settleMs;
    if (!isOver && !isTooLate) return { ...one, quietSince };
    const failures = [...one.failures, ...lingering];
    this.#lasting = [...this.#lasting, ...leftBehind(one.course)];
    this.#results.push({ course: one.course, failures });
    const done = `(${this.#results.length} of ${this.#total})`;
    say(drill.name, failures.length === 0 ? `passed ${done}` : `failed ${done}: ${failures.join('; ')}`);
    return undefined;
  }

  async #beginNext(observation: Observation): Promise<void> {
    const { target, patience, say } = this.#options;
    const running = this.#underWay.map(({ course }) => course.drill);
    for (const drill of nextDrills(this.#waiting, running)) {
      const { raises, allows } = drill.expectation;
      const lasting = (alert: AlertOf): boolean => this.#lasting.some((one) => overlap(one, alert));
      const own = [...raises, ...allows.filter((alert) => !lasting(alert))];
      const isWaitedForInVain = observation.at - this.#idleSince > patience.endMs;
      if (!isCalm(observation, own) && !isWaitedForInVain) continue;
      this.#waiting = this.#waiting.filter((other) => other !== drill);
      await target.inject(drill);
      say(drill.name, 'injected');
      const begun = { course: begin(drill, Date.now()), failures: [], quietSince: undefined };
      this.#underWay = [...this.#underWay, begun];
    }
  }

  /** What is new in a drill's course. */
  #tell(before: DrillCourse, after: DrillCourse): void {
    for (const alert of after.alerts) {
      const old = courseOf(before, alert.alert);
      const text = alertText(alert.alert);
      if (alert.firingAt !== undefined && old?.firingAt === undefined)
        this.#options.say(after.drill.name, `${text} fires`);
      for (const { to, state } of alert.deliveries.slice(old?.deliveries.length ?? 0))
        this.#options.say(after.drill.name, `${text} ${state} at ${to}`);
    }
  }
}
