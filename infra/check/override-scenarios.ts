import { type Direction, directionsOf } from '../../alerts/override-direction.ts';
import { type AlertRule, ruleId } from '../../alerts/rule.ts';
import type { Scenario } from '../../alerts/scenarios/scenario.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { wholeRule } from './trial/candidate.ts';
import { type Miss, runTrials } from './trial/run.ts';

/** A scenario that comes out otherwise for a rule that an environment has overridden. */
export interface MovedScenario {
  readonly rule: string;
  readonly scenario: Scenario;
  readonly now: Direction;
}

export interface OverrideReport {
  /** Scenarios that were run, each for each overridden rule of its family. */
  readonly scenarios: number;
  /** Those that come out otherwise, as the override means it. */
  readonly moved: readonly MovedScenario[];
  readonly problems: readonly Problem[];
}

interface OverrideRun {
  /** What the environment has, its overrides in it. */
  readonly rules: readonly AlertRule[];
  /** The same rules before its overrides. */
  readonly declared: readonly AlertRule[];
  readonly scenarios: readonly Scenario[];
  /** Path of the real promtool. */
  readonly promtool: string;
  readonly signal: AbortSignal;
}

/** An overridden rule, with what it was and the scenarios of its family. */
interface Overridden {
  readonly id: string;
  readonly rule: AlertRule;
  readonly directions: ReadonlySet<Direction>;
  readonly scenarios: readonly Scenario[];
}

const testsACall = 40;

/**
 * Runs the scenarios of overridden rules on these rules, with the real promtool. What a scenario says holds for the rule
 * as it was declared; with the override it may come out otherwise, but only as the override means it: with a higher
 * threshold the alert may stay quiet where it fired, and never fire where it was quiet. And scenarios must still show
 * that the alert fires, and that it stays quiet.
 */
export async function checkOverrides(run: OverrideRun): Promise<OverrideReport> {
  const overridden = overriddenIn(run);
  const misses = await runTrials(
    overridden.map(({ id, rule, scenarios }) => ({
      scenarios: scenarios.map((scenario) => ({
        ...scenario,
        firing: scenario.firing.filter(({ severity }) => severity === rule.severity),
      })),
      candidates: [{ ...wholeRule(rule), alert: id }],
    })),
    { promtool: run.promtool, signal: run.signal, testsACall, onProgress: () => undefined },
  );
  const judged = overridden.map((tier) =>
    judge(
      tier,
      misses.filter(({ alert }) => alert === tier.id),
    ),
  );
  return {
    scenarios: overridden.reduce((sum, { scenarios }) => sum + scenarios.length, 0),
    moved: judged.flatMap(({ moved }) => moved),
    problems: judged.flatMap(({ problems }) => problems),
  };
}

function overriddenIn({ rules, declared, scenarios }: OverrideRun): readonly Overridden[] {
  const before = new Map(declared.map((rule) => [ruleId(rule), rule]));
  return rules.flatMap((rule): readonly Overridden[] => {
    const id = ruleId(rule);
    const directions = directionsOf(rule, before.get(id) ?? rule);
    return directions.size === 0
      ? []
      : [{ id, rule, directions, scenarios: scenarios.filter(({ family }) => family === rule.name) }];
  });
}

function judge(
  { id, rule, directions, scenarios }: Overridden,
  misses: readonly Miss[],
): Pick<OverrideReport, 'moved' | 'problems'> {
  const changes = misses.map((miss) => ({ miss, now: changeOf(miss) }));
  const wrong = changes.filter(({ now }) => now === undefined || !directions.has(now));
  const moved = changes.flatMap(({ miss, now }) =>
    now !== undefined && directions.has(now) ? [{ rule: id, scenario: miss.scenario, now }] : [],
  );
  const fires = scenarios.filter(({ firing }) => firing.some(({ severity }) => severity === rule.severity));
  const quietNow = misses.filter(({ expected, got }) => expected.length > 0 && got.length === 0).length;
  const firingNow = misses.filter(({ expected, got }) => expected.length === 0 && got.length > 0).length;
  const firing = fires.length - quietNow + firingNow;
  const lacking = [
    ...(firing === 0 ? ['firing'] : []),
    ...(firing === scenarios.length ? ['staying quiet'] : []),
  ];
  return {
    moved,
    problems: [
      ...wrong.map(({ miss }) => contradiction(id, miss)),
      ...lacking.map((what) => unproven(id, what)),
    ],
  };
}

/** Which way a scenario came out otherwise; undefined when it is neither. */
function changeOf({ expected, got, error }: Miss): Direction | undefined {
  if (error !== undefined) return undefined;
  if (got.every((alert) => expected.includes(alert))) return 'fewer';
  return expected.every((alert) => got.includes(alert)) ? 'more' : undefined;
}

const contradiction = (id: string, { scenario, expected, got, error }: Miss): Problem => ({
  code: 'SL1811',
  what: `${scenario.given}, at ${scenario.at}: ${error ?? `expected ${listed(expected)}, got ${listed(got)}`}, which is not what the override means`,
  where: `alert ${id}`,
  fix: 'look at the override of this alert, and at thresholds, in the environment’s file',
});

const unproven = (id: string, what: string): Problem => ({
  code: 'SL1811',
  what: `no scenario shows it ${what} with this environment’s override`,
  where: `alert ${id}`,
  fix: 'add one to alerts/scenarios that holds with and without the override, or override less',
});

const listed = (alerts: readonly string[]): string =>
  alerts.length === 0 ? 'no alert' : alerts.join(' and ');
