import type { Problem } from '../../telemetry/errors.ts';
import type { EnvironmentName } from '../config/names.ts';

/** Problems of several environments, each told once; one that not all of them have says which do. */
export function mergeProblems(found: ReadonlyMap<EnvironmentName, readonly Problem[]>): readonly Problem[] {
  const each = [...found].flatMap(([name, problems]) => problems.map((problem) => ({ name, problem })));
  const same = Map.groupBy(each, ({ problem: { code, what, where } }) => JSON.stringify([code, what, where]));
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const names = [...new Set(group.map(({ name }) => name))];
    if (names.length === found.size && found.size > 1) return [first.problem];
    return [{ ...first.problem, where: `${names.join(', ')}: ${first.problem.where}` }];
  });
}
