import type { Direction } from '../../alerts/override-direction.ts';
import type { Problem } from '../../telemetry/errors.ts';

/** A scenario that comes out otherwise for a rule that an environment has overridden. */
interface MovedScenario {
  /** Id of the rule. */
  readonly rule: string;
  readonly given: string;
  readonly at: string;
  readonly now: Direction;
}

export interface OverrideReport {
  /** Scenarios that were run, each for each overridden rule of its family. */
  readonly scenarios: number;
  /** Those that come out otherwise, as the override means it. */
  readonly moved: readonly MovedScenario[];
  readonly problems: readonly Problem[];
}

/** An overridden rule, and what its scenarios say of it as it was declared. */
interface Overridden {
  readonly id: string;
  /** What the override means. */
  readonly directions: ReadonlySet<Direction>;
  readonly scenarios: number;
  /** Those of them in which it fires. */
  readonly firing: number;
  /** Where scenarios are written, in the repository. */
  readonly writtenIn: string;
}

/** A scenario that came out otherwise with the override. */
interface Difference {
  readonly given: string;
  readonly at: string;
  /** Labels of the alerts; empty for none. */
  readonly expected: readonly string[];
  readonly got: readonly string[];
  /** Why the expression could not be evaluated. */
  readonly error?: string;
}

/**
 * What a scenario says holds for the rule as it was declared; with the override it may come out otherwise, but only as
 * the override means it: with a higher threshold the alert may stay quiet where it fired, and never fire where it was
 * quiet. And scenarios must still show that the alert fires, and that it stays quiet.
 */
export function verdictOnOverride(
  { id, directions, scenarios, firing, writtenIn }: Overridden,
  differences: readonly Difference[],
): OverrideReport {
  const changes = differences.map((difference) => ({ difference, now: changeOf(difference) }));
  const wrong = changes.filter(({ now }) => now === undefined || !directions.has(now));
  const quietNow = differences.filter(({ expected, got }) => expected.length > 0 && got.length === 0).length;
  const firingNow = differences.filter(({ expected, got }) => expected.length === 0 && got.length > 0).length;
  const stillFiring = firing - quietNow + firingNow;
  const lacking = [
    ...(stillFiring === 0 ? ['firing'] : []),
    ...(stillFiring === scenarios ? ['staying quiet'] : []),
  ];
  return {
    scenarios,
    moved: changes.flatMap(({ difference: { given, at }, now }) =>
      now !== undefined && directions.has(now) ? [{ rule: id, given, at, now }] : [],
    ),
    problems: [
      ...wrong.map(({ difference }) => contradiction(id, difference)),
      ...lacking.map((what) => unproven(id, what, writtenIn)),
    ],
  };
}

export const mergedReports = (reports: readonly OverrideReport[]): OverrideReport => ({
  scenarios: reports.reduce((sum, { scenarios }) => sum + scenarios, 0),
  moved: reports.flatMap(({ moved }) => moved),
  problems: reports.flatMap(({ problems }) => problems),
});

/** Which way a scenario came out otherwise; undefined when it is neither. */
function changeOf({ expected, got, error }: Difference): Direction | undefined {
  if (error !== undefined) return undefined;
  if (got.every((alert) => expected.includes(alert))) return 'fewer';
  return expected.every((alert) => got.includes(alert)) ? 'more' : undefined;
}

const contradiction = (id: string, { given, at, expected, got, error }: Difference): Problem => ({
  code: 'SL1811',
  what: `${given}, at ${at}: ${error ?? `expected ${listed(expected)}, got ${listed(got)}`}, which is not what the override means`,
  where: `alert ${id}`,
  fix: 'look at the override of this alert, and at thresholds, in the environment’s file',
});

const unproven = (id: string, what: string, writtenIn: string): Problem => ({
  code: 'SL1811',
  what: `no scenario shows it ${what} with this environment’s override`,
  where: `alert ${id}`,
  fix: `add one to ${writtenIn} that holds with and without it, or override less`,
});

const listed = (alerts: readonly string[]): string =>
  alerts.length === 0 ? 'no alert' : alerts.join(' and ');
