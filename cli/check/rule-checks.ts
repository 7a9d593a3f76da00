import { runChecksOf } from '../../infra/check/rules.ts';
import type { EnvironmentName } from '../../infra/config/names.ts';
import type { EnvironmentStack } from '../../infra/stack.ts';
import { textTable } from '../output/table.ts';

/** Every check of rules with what it found, and how long all of them took in each environment. */
export async function ruleCheckLines(
  stacks: ReadonlyMap<EnvironmentName, EnvironmentStack>,
): Promise<readonly string[]> {
  const runs = await Promise.all(
    [...stacks].map(async ([name, stack]) => ({ name, ...(await runChecksOf(stack)) })),
  );
  const byCheck = Map.groupBy(
    runs.flatMap(({ results }) => results),
    ({ check }) => check,
  );
  const rows = [...byCheck].map(([check, results]) => [
    check.id,
    check.code,
    results.reduce((sum, { problems }) => sum + problems.length, 0),
    results.reduce((sum, { suppressed }) => sum + suppressed, 0),
    check.page,
  ]);
  return [
    textTable(['check', 'code', 'problems', 'suppressed', 'page'], rows),
    ...runs.map(
      ({ name, rules, results, milliseconds, processorMilliseconds }) =>
        `${name}: ${results.length} checks over ${rules} alert and recording rules in ${Math.round(milliseconds)} ms, ${Math.round(processorMilliseconds)} ms of them by the processor`,
    ),
  ];
}
