import { SightlineError } from '../../../telemetry/errors.ts';
import type { LocalPlan, ProcessSpec } from '../process-spec.ts';
import { ManagedProcess } from './managed-process.ts';
import { overallState, type StackStatus } from './status.ts';
import { type FindTools, seekTools } from './tool-states.ts';

export interface SupervisorOptions {
  readonly stateDir: string;
  readonly portOffset: number;
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
      supervisor: { pid: process.pid, startedAt: this.#startedAt.toISOString(), owner: this.#options.owner },
      processes,
    };
  }

  async #stopInOrder(): Promise<void> {
    const stopped = new Map<ManagedProcess, Promise<void>>();
    const stopOne = (one: ManagedProcess): Promise<void> => {
      const known = stopped.get(one);
      if (known !== undefined) return known;
      const dependents = [...this.#processes.values()].filter(({ spec }) =>
        spec.after.includes(one.spec.name),
      );
      const done = Promise.all(dependents.map(stopOne)).then(() => one.stop());
      stopped.set(one, done);
      return done;
    };
    await Promise.all([...this.#processes.values()].map(stopOne));
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

/** The processes with every one after those it needs. Throws SL1304 for doubles, unknown needs, circles and ports. */
export function startOrder(processes: readonly ProcessSpec[]): readonly ProcessSpec[] {
  const ports = new Map<number, string>();
  for (const { name, ports: own } of processes) {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) throw impossible(`"${name}" is no name for a process`, name);
    for (const port of own) {
      const other = ports.get(port);
      if (other !== undefined) throw impossible(`${other} and ${name} both want port ${port}`, name);
      if (port > 65_535)
        throw impossible(`port ${port} does not exist; choose a smaller --port-offset`, name);
      ports.set(port, name);
    }
  }
  const names = new Set(processes.map(({ name }) => name));
  if (names.size < processes.length) throw impossible('two processes have one name', [...names].join(', '));
  const ordered: ProcessSpec[] = [];
  const placed = new Set<string>();
  let rest = [...processes];
  while (rest.length > 0) {
    const next = rest.filter(({ after }) => after.every((need) => placed.has(need)));
    const first = rest[0];
    if (next.length === 0 && first !== undefined) {
      const unknown = rest.flatMap(({ after }) => after).find((need) => !names.has(need));
      throw impossible(
        unknown === undefined ? 'they wait for each other' : `nothing is called "${unknown}"`,
        first.name,
      );
    }
    for (const spec of next) placed.add(spec.name);
    ordered.push(...next);
    rest = rest.filter(({ name }) => !placed.has(name));
  }
  return ordered;
}

function impossible(what: string, where: string): SightlineError {
  return new SightlineError('SL1304', {
    what: `the plan of processes is not possible: ${what}`,
    where: `process ${where}`,
    fix: 'correct the process in the plan, or the port offset',
  });
}
