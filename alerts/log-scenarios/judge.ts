import type { Duration } from '../../telemetry/query/scale-time.ts';
import { type LogAlertRule, ruleId } from '../rule.ts';
import type { LogScenario } from './scenario.ts';

/** How one rule did in one scenario. */
export interface LogScenarioResult {
  /** Id of the rule. */
  readonly rule: string;
  /** What the scenario is about. */
  readonly scenario: string;
  readonly passed: boolean;
  /** What fired, and what was to; empty when it passed. */
  readonly message: string;
}

type Labels = Readonly<Record<string, string>>;

/** A scenario in which a rule does not do what it says. */
interface LogDifference {
  readonly given: string;
  readonly at: Duration;
  /** Labels of the alerts; empty for none. */
  readonly expected: readonly string[];
  readonly got: readonly string[];
}

/** Compares what fired, by the labels of the expression, with what the scenario says of this tier. */
export function differenceIn(
  rule: LogAlertRule,
  { given, at, firing }: LogScenario,
  fired: readonly Labels[],
): LogDifference | undefined {
  const expected = firing
    .filter(({ severity }) => severity === rule.severity)
    .map(({ severity: _, ...labels }) => printed(labels))
    .sort();
  const got = fired.map(printed).sort();
  return expected.join() === got.join() ? undefined : { given, at, expected, got };
}

/** Whether this tier does what the scenario says. */
export function judge(
  rule: LogAlertRule,
  scenario: LogScenario,
  fired: readonly Labels[],
): LogScenarioResult {
  const difference = differenceIn(rule, scenario, fired);
  return {
    rule: ruleId(rule),
    scenario: `${scenario.kind}: ${scenario.given}`,
    passed: difference === undefined,
    message: difference
      ? `at ${scenario.at} it should be ${all(difference.expected)} that fires, and it is ${all(difference.got)}`
      : '',
  };
}

/** At the threshold nothing fires, and with `>=` in place of `>` something would: else it is not exactly there. */
export function judgeThreshold(
  rule: LogAlertRule,
  scenario: LogScenario,
  fired: readonly Labels[],
  beyond: readonly Labels[],
): LogScenarioResult {
  const judged = judge(rule, scenario, fired);
  return judged.passed && beyond.length === 0
    ? {
        ...judged,
        passed: false,
        message: `at ${scenario.at} it is not at the threshold: >= does not fire either`,
      }
    : judged;
}

const all = (labels: readonly string[]): string => (labels.length === 0 ? 'nothing' : labels.join(' and '));

const printed = (labels: Labels): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .sort()
    .join(', ')}}`;
