import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Problem, problemOf, SightlineError } from '../../../telemetry/errors.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { backoffMs, stableMs } from './backoff.ts';
import { type Child, spawnChild } from './child.ts';
import { CriLogWriter } from './cri-log.ts';
import { createHealthProbe, type HealthProbe } from './health.ts';
import { Interrupt } from './interrupt.ts';
import { preparationOf } from './preparation.ts';
import type { Health, ProcessState, ProcessStatus } from './status.ts';
import type { ToolState } from './tool-states.ts';

/** In its first half minute it is asked often (milliseconds), so that a warm start is quick; then less. */
const startingPollMs = 100;
const slowStartMs = 30_000;
const unhealthyPollMs = 1_000;
const healthyPollMs = 3_000;
/** One lost answer on a busy machine is no outage. */
const failuresUntilUnhealthy = 3;

export interface Surroundings {
  readonly stateDir: string;
  /** Undefined for this repository's own scripts. */
  readonly tool: ToolState | undefined;
  readonly dependencies: readonly ManagedProcess[];
  readonly log: (message: string) => void;
}

/** One process of the stack for as long as the supervisor lives: starts, watches, restarts, holds and stops it. */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  readonly #around: Surroundings;
  readonly #logPath: string;
  readonly #firstHealthy = Promise.withResolvers<void>();
  readonly #interrupt = new Interrupt();
  #log: CriLogWriter | undefined;
  #child: Child | undefined;
  #state: ProcessState = 'waiting';
  #health: Health = 'unknown';
  #detail = '';
  #since = new Date();
  #restarts = 0;
  #failuresInARow = 0;
  #lastExit: string | undefined;
  #error: Problem | undefined;
  #heldUntil: number | undefined;
  #stopping = false;
  /** The child's end is our own doing, not a failure. */
  #askedToEnd = false;

  constructor(spec: ProcessSpec, around: Surroundings) {
    this.spec = spec;
    this.#around = around;
    const { namespace, pod, uid, container } = spec.pod;
    this.#logPath = path.join(around.stateDir, 'pods', `${namespace}_${pod}_${uid}`, container, '0.log');
    // Nobody may be waiting when it turns out that the process cannot be had.
    this.#firstHealthy.promise.catch(() => undefined);
  }

  /** Begins; never rejects. */
  start(): void {
    this.#live().catch((error: unknown) => {
      this.#around.log(`${this.spec.name}: ${error instanceof Error ? error.stack : String(error)}`);
      this.#become('stopped', `the supervisor failed on it: ${String(error)}`);
    });
  }

  /** Resolves once it has been healthy for the first time; rejects when it cannot be had. */
  get firstHealthy(): Promise<void> {
    return this.#firstHealthy.promise;
  }

  /** Ends it for good. Resolves when it is gone. */
  async stop(force = false): Promise<void> {
    this.#stopping = true;
    this.#interrupt.raise();
    if (this.#child !== undefined) await this.#end(this.#child, force);
    if (this.#state !== 'unavailable') this.#become('stopped', '');
    this.#log?.close();
    this.#log = undefined;
  }

  /** Keeps it down until `seconds` from now; a second call moves that time. Without effect when unavailable. */
  hold(seconds: number): void {
    this.#heldUntil = Date.now() + seconds * 1000;
    this.#interrupt.raise();
    if (this.#child !== undefined) void this.#end(this.#child, false);
  }

  release(): void {
    this.#heldUntil = undefined;
    this.#interrupt.raise();
  }

  status(): ProcessStatus {
    const found = this.#around.tool?.found;
    return {
      name: this.spec.name,
      kind: this.spec.kind,
      title: this.spec.title,
      optional: this.spec.optional,
      state: this.#state,
      health: this.#health,
      pid: this.#child?.pid ?? null,
      url: this.spec.url ?? null,
      ports: this.spec.ports,
      restarts: this.#restarts,
      failuresInARow: this.#failuresInARow,
      detail: this.#describe(),
      since: this.#since.toISOString(),
      ...(this.#lastExit === undefined ? {} : { lastExit: this.#lastExit }),
      ...(found === undefined ? {} : { version: found.version, toolSource: found.source }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      log: this.#logPath,
    };
  }

  async #live(): Promise<void> {
    const ready = await this.#whatItNeeds();
    if (!ready) return;
    const log = new CriLogWriter(this.#logPath);
    this.#log = log;
    while (!this.#stopping) {
      if (this.#heldUntil !== undefined) await this.#stayHeld(this.#heldUntil);
      else await this.#runOnce(log);
    }
  }

  /** Waits for the tool and for the processes it needs; false when it cannot be had or is no longer wanted. */
  async #whatItNeeds(): Promise<boolean> {
    const { tool, dependencies } = this.#around;
    try {
      const needs = [tool?.ready, ...dependencies.map((dependency) => this.#healthyDependency(dependency))];
      await this.#interrupt.orUntil(Promise.all(needs), () => this.#stopping);
      return !this.#stopping;
    } catch (error) {
      this.#error = problemOf(error as SightlineError);
      this.#become('unavailable', this.#error.what);
      this.#around.log(`${this.spec.name} is unavailable: ${this.#error.what}`);
      this.#firstHealthy.reject(error);
      return false;
    }
  }

  async #healthyDependency(dependency: ManagedProcess): Promise<void> {
    try {
      await dependency.firstHealthy;
    } catch (error) {
      const { code, what, where, fix } = error as SightlineError;
      throw new SightlineError(code, { what: `needs ${dependency.spec.name}: ${what}`, where, fix });
    }
  }

  async #stayHeld(until: number): Promise<void> {
    this.#become('held', `held until ${new Date(until).toLocaleTimeString('en-GB')}`);
    await this.#interrupt.sleep(until - Date.now());
    if (this.#heldUntil !== undefined && this.#heldUntil <= Date.now()) this.#heldUntil = undefined;
  }

  async #runOnce(log: CriLogWriter): Promise<void> {
    this.#become('starting', '');
    this.#askedToEnd = false;
    const startedAt = Date.now();
    // A disk that is full now may not be later: what cannot be spawned is tried again like what crashes.
    const reason = await this.#untilItEnds(log).catch((error) => `cannot be started: ${String(error)}`);
    const wasStable = this.#state === 'running' && Date.now() - startedAt > stableMs;
    this.#child = undefined;
    this.#health = 'unknown';
    if (this.#askedToEnd) return;
    this.#lastExit = reason;
    this.#failuresInARow = wasStable ? 1 : this.#failuresInARow + 1;
    const waitMs = backoffMs(this.#failuresInARow);
    this.#around.log(`${this.spec.name} ended (${reason}), starts again in ${waitMs} ms`);
    this.#become('backoff', `${reason}; starts again after ${waitMs / 1000} s`);
    await this.#interrupt.sleep(waitMs);
    if (!this.#stopping && this.#heldUntil === undefined) this.#restarts += 1;
  }

  async #untilItEnds(log: CriLogWriter): Promise<string> {
    const preparation = preparationOf(this.spec);
    if (preparation !== undefined) {
      const ended = await this.#spawn(preparation, log).ended;
      if (this.#askedToEnd) return ended;
      if (ended !== 'exit code 0') return `not prepared, ${ended}`;
    }
    const child = this.#spawn(this.spec, log);
    const watching = new AbortController();
    void this.#watch(createHealthProbe(this.spec.health), watching.signal);
    const reason = await child.ended;
    watching.abort();
    return reason;
  }

  #spawn(spec: ProcessSpec, log: CriLogWriter): Child {
    const { stateDir, tool } = this.#around;
    this.#child = spawnChild(spec, stateDir, tool?.found?.path, log, (error) =>
      this.#around.log(`${this.spec.name}: output lost: ${String(error)}`),
    );
    return this.#child;
  }

  async #watch(probe: HealthProbe, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const problem = await probe().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (signal.aborted) return;
      failures = problem === undefined ? 0 : failures + 1;
      this.#judge(problem, failures);
      await delay(this.#pollMs(), undefined, { signal }).catch(() => undefined);
    }
  }

  #pollMs(): number {
    if (this.#health === 'healthy') return healthyPollMs;
    const isFresh = this.#state === 'starting' && Date.now() - this.#since.getTime() < slowStartMs;
    return isFresh ? startingPollMs : unhealthyPollMs;
  }

  #judge(problem: string | undefined, failures: number): void {
    if (problem === undefined) {
      if (this.#state === 'starting') this.#becomeHealthy();
      else if (this.#health !== 'healthy') this.#around.log(`${this.spec.name} is healthy again`);
      this.#health = 'healthy';
      this.#detail = '';
    } else if (this.#state === 'starting') {
      this.#detail = problem;
    } else if (this.#state === 'running' && failures >= failuresUntilUnhealthy) {
      if (this.#health === 'healthy') this.#around.log(`${this.spec.name} is unhealthy: ${problem}`);
      this.#health = 'unhealthy';
      this.#detail = problem;
    }
  }

  #becomeHealthy(): void {
    const tookMs = Date.now() - this.#since.getTime();
    this.#become('running', '');
    this.#around.log(`${this.spec.name} is healthy after ${tookMs} ms`);
    this.#firstHealthy.resolve();
  }

  async #end(child: Child, force: boolean): Promise<void> {
    this.#askedToEnd = true;
    this.#become('stopping', '');
    child.signal(force ? 'SIGKILL' : 'SIGTERM');
    const timer = setTimeout(() => {
      this.#around.log(`${this.spec.name} did not end within ${this.spec.stopTimeoutMs} ms: SIGKILL`);
      child.signal('SIGKILL');
    }, this.spec.stopTimeoutMs);
    await child.ended;
    clearTimeout(timer);
  }

  #become(state: ProcessState, detail: string): void {
    if (state !== this.#state) this.#since = new Date();
    this.#state = state;
    this.#detail = detail;
    if (state !== 'running') this.#health = 'unknown';
  }

  #describe(): string {
    if (this.#state !== 'waiting') return this.#detail;
    const { tool, dependencies } = this.#around;
    if (tool !== undefined && tool.found === undefined) return tool.detail;
    const missing = dependencies
      .filter((needed) => needed.#state !== 'running')
      .map((needed) => needed.spec.name);
    return missing.length === 0 ? '' : `for ${missing.join(', ')}`;
  }
}
