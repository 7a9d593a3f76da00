import { SightlineError } from '../../../telemetry/errors.ts';
import type { Extra } from '../extras.ts';
import type { LocalPlan } from '../process-spec.ts';
import { ManagedProcess } from './managed-process.ts';
import { startOrder, stopOrder } from './plan-order.ts';
import { overallState, type StackStatus } from './status.ts';
import { type FindTools, seekTools } from './tool-states.ts';

export interface SupervisorOptions {
  readonly stateDir: string;
  readonly portOffset: number;
  readonly with: readonly Extra[];
  /** The `npm start` in the foreground that the stack ends with; null when it runs detached. */
  readonly owner: number | null;
  readonly findTools: FindTools;
  readonly log: (message: string) => void;
}

/** A process may be held down for a day at most (seconds). */
const longestHold = 86_400;

/** Owns every process of one stack. It takes the plan as data and knows nothing about what it runs. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #processes: ReadonlyMap<string, ManagedProcess>;
  readonly #seeking = new AbortController();
  readonly #startedAt = new Date();
  #stopping: Promise<void> | undefined;

  /** Starts nothing yet, but sets the toolchain to work. Throws SL1304 when the plan is not possible. */
  constructor(plan: LocalPlan, options: SupervisorOptions) {
    this.#options = options;
    const ordered = startOrder(plan.processes);
    const tools = seekTools(ordered, options.findTools, this.#seeking.signal);
    const processes = new Map<string, ManagedProcess>();
    for (const spec of ordered) {
      processes.set(
        spec.name,
        new ManagedProcess(spec, {
          stateDir: options.stateDir,
          tool: 'tool' in spec.run ? tools.get(spec.run.tool) : undefined,
          dependencies: spec.after.flatMap((name) => processes.get(name) ?? []),
          log: options.log,
        }),
      );
    }
    this.#processes = new Map(plan.processes.map(({ name }) => [name, this.#known(processes, name)]));
  }

  /** Everything at once; each waits by itself for what it needs. */
  start(): void {
    for (const process of this.#processes.values()) process.start();
  }

  /**
   * Ends every process, each after those that need it. Resolves when all are gone. With `force` nobody is asked
   * first, and a stop under way becomes a forced one.
   */
  stop(force = false): Promise<void> {
    this.#seeking.abort();
    if (force)
      this.#stopping = Promise.all([...this.#processes.values()].map((one) => one.stop(true))).then(() => {});
    this.#stopping ??= this.#stopInOrder();
    return this.#stopping;
  }

  /** Keeps a process down for so many seconds. Throws SL1309 for an unknown one or a time out of range. */
  hold(name: string, seconds: number): void {
    if (!Number.isFinite(seconds) || seconds <= 0 || seconds > longestHold) {
      throw new SightlineError('SL1309', {
        what: `a process cannot be held for ${seconds} seconds`,
        where: name,
        fix: `give a time above 0 and up to ${longestHold} seconds`,
      });
    }
    const process = this.#known(this.#processes, name);
    if (process.status().state === 'unavailable') {
      throw new SightlineError('SL1309', {
        what: `${name} does not run, so it cannot be held`,
        where: name,
        fix: 'npm run status says why it is unavailable',
      });
    }
    process.hold(seconds);
  }

  /** Lets a held process start again at once. Throws SL1309 for an unknown one. */
  release(name: string): void {
    this.#known(this.#processes, name).release();
  }

  status(): StackStatus {
    const processes = [...this.#processes.values()].map((one) => one.status());
    return {
      state: this.#stopping === undefined ? overallState(processes) : 'stopping',
      stateDir: this.#options.stateDir,
      portOffset: this.#options.portOffset,
      with: this.#options.with,
      supervisor: { pid: process.pid, startedAt: this.#startedAt.toISOString(), owner: this.#options.owner },
      processes,
    };
  }

  async #stopInOrder(): Promise<void> {
    const stopped = new Map<string, Promise<void>>();
    for (const { spec, endsFirst } of stopOrder([...this.#processes.values()].map(({ spec }) => spec))) {
      const earlier = Promise.all(endsFirst.map((name) => stopped.get(name)));
      stopped.set(
        spec.name,
        earlier.then(() => this.#known(this.#processes, spec.name).stop()),
      );
    }
    await Promise.all(stopped.values());
  }

  #known(processes: ReadonlyMap<string, ManagedProcess>, name: string): ManagedProcess {
    const found = processes.get(name);
    if (found !== undefined) return found;
    throw new SightlineError('SL1309', {
      what: `the stack has no process "${name}"`,
      where: 'process name',
      fix: `use one of: ${[...processes.keys()].join(', ')}`,
    });
  }
}
