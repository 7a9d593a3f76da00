import { SightlineError } from '../../../telemetry/errors.ts';
import type { ProcessSpec } from '../process-spec.ts';

/**
 * The processes with every one after those it needs. Throws SL1304 for ports or names that are double or impossible,
 * for needs that do not exist, and for circles, in the order of stopping too.
 */
export function startOrder(processes: readonly ProcessSpec[]): readonly ProcessSpec[] {
  refuseImpossible(processes);
  stopOrder(processes);
  return ordered(processes, ({ after }) => after);
}

/** The processes in an order in which they can be ended, each with the names of those that must have ended. */
export function stopOrder(
  processes: readonly ProcessSpec[],
): readonly { readonly spec: ProcessSpec; readonly endsFirst: readonly string[] }[] {
  const endsFirst = ({ name, stopAfter = [] }: ProcessSpec): readonly string[] => [
    ...processes.filter(({ after }) => after.includes(name)).map((dependent) => dependent.name),
    ...stopAfter,
  ];
  return ordered(processes, endsFirst).map((spec) => ({ spec, endsFirst: endsFirst(spec) }));
}

function ordered(
  processes: readonly ProcessSpec[],
  needsOf: (spec: ProcessSpec) => readonly string[],
): readonly ProcessSpec[] {
  const done: ProcessSpec[] = [];
  const placed = new Set<string>();
  let rest = processes;
  while (rest.length > 0) {
    const next = rest.filter((spec) => needsOf(spec).every((need) => placed.has(need)));
    if (next.length === 0) throw unplaceable(rest, needsOf, new Set(processes.map(({ name }) => name)));
    for (const { name } of next) placed.add(name);
    done.push(...next);
    rest = rest.filter(({ name }) => !placed.has(name));
  }
  return done;
}

function refuseImpossible(processes: readonly ProcessSpec[]): void {
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
}

function unplaceable(
  rest: readonly ProcessSpec[],
  needsOf: (spec: ProcessSpec) => readonly string[],
  names: ReadonlySet<string>,
): SightlineError {
  const unknown = rest.flatMap(needsOf).find((need) => !names.has(need));
  const what = unknown === undefined ? 'they wait for each other' : `nothing is called "${unknown}"`;
  return impossible(what, rest.map(({ name }) => name).join(', '));
}

function impossible(what: string, where: string): SightlineError {
  return new SightlineError('SL1304', {
    what: `the plan of processes is not possible: ${what}`,
    where: `process ${where}`,
    fix: 'correct the process in the plan, or the port offset',
  });
}
