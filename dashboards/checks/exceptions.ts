import type { Problem } from '../../telemetry/errors.ts';
import type { PlacedException } from '../spec.ts';
import { type DashboardCheckId, dashboardChecks } from './ids.ts';

const checkOf = ({ code }: Pick<Problem, 'code'>): DashboardCheckId | undefined =>
  (Object.keys(dashboardChecks) as DashboardCheckId[]).find((id) => dashboardChecks[id] === code);

/** Where the check behind a problem is explained. */
export const pageOf = (problem: Pick<Problem, 'code'>): string =>
  `docs/checks/dashboards/README.md#${checkOf(problem) ?? ''}`;

/** A problem of a query is one of its panel. */
const isAbout = ({ where }: Pick<Problem, 'where'>, exception: PlacedException): boolean =>
  where === exception.where || where.startsWith(`${exception.where}, query `);

/** What checks found, without what is excepted; and exceptions without a reason, or that except nothing. */
export function withoutExcepted(
  found: readonly Problem[],
  exceptions: readonly PlacedException[],
): readonly Problem[] {
  const excepts = (exception: PlacedException, problem: Problem): boolean =>
    exception.because.trim() !== '' && exception.check === checkOf(problem) && isAbout(problem, exception);
  const faulty = (exception: PlacedException, what: string, fix: string): Problem => ({
    code: dashboardChecks.exception,
    what: `its exception from ${exception.check} ${what}`,
    where: exception.where,
    fix,
  });
  return [
    ...found.filter((problem) => !exceptions.some((exception) => excepts(exception, problem))),
    ...exceptions.flatMap((exception) => {
      if (exception.because.trim() === '')
        return [faulty(exception, 'has no reason', 'say why in `because`')];
      return found.some((problem) => excepts(exception, problem))
        ? []
        : [faulty(exception, 'excepts nothing', 'take it away')];
    }),
  ];
}
