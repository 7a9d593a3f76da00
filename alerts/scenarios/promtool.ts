import type { Severity } from '../../telemetry/contract/links.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { teamOf } from '../ownership.ts';
import type { Scenario } from './scenario.ts';

/** An alert as a rule file names it, and which of a scenario's alerts it is asked about. */
export interface AskedAlert {
  readonly alert: string;
  readonly severities: readonly Severity[];
  /** The only labels that it has; absent where it has all. */
  readonly labels?: readonly string[];
}

/** Scenarios that differ in the moment of the look alone. */
export type SharedSamples = readonly [Scenario, ...Scenario[]];

/** Setting up its database is most of what promtool does for a test, so scenarios over the same samples share one. */
export function sharingSamples(scenarios: readonly Scenario[]): readonly SharedSamples[] {
  const groups = Map.groupBy(scenarios, ({ samples, every }) => JSON.stringify([every, samples]));
  return [...groups.values()].flatMap(([first, ...rest]) => (first ? [[first, ...rest] as const] : []));
}

/** How often the samples of a scenario come, and rules are evaluated over them. */
export const intervalOf = ([{ every }]: SharedSamples): Duration => every ?? '15s';

/**
 * A file for `promtool test rules`, each test named by its number from 0; all must have the same interval. Promtool
 * compares annotations too, so the rule file must come without them; their texts are tested elsewhere. JSON is YAML.
 */
export function renderTests(
  tests: readonly SharedSamples[],
  alerts: readonly AskedAlert[],
  ruleFile: string,
): string {
  const [first] = tests;
  const interval = first ? intervalOf(first) : '15s';
  return JSON.stringify({
    rule_files: [ruleFile],
    evaluation_interval: interval,
    tests: tests.map((scenarios, index) => ({
      name: String(index),
      interval,
      input_series: scenarios[0].samples.map(([series, values]) => ({ series, values })),
      alert_rule_test: scenarios.flatMap(({ at, firing }) =>
        alerts.map(({ alert, severities, labels: own }) => ({
          eval_time: at,
          alertname: alert,
          exp_alerts: firing
            .filter(({ severity }) => severities.includes(severity))
            .map((labels) => ({
              exp_labels: own ? onlyThose(own, labels) : { team: teamOf({}, labels), ...labels },
            })),
        })),
      ),
    })),
  });
}

const onlyThose = (names: readonly string[], labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
