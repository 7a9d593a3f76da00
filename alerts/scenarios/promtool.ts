import { stringify } from 'yaml';
import { teamOf } from '../ownership.ts';
import type { Scenario } from './scenario.ts';

/**
 * The scenarios as a file for `promtool test rules`. It compares annotations too, so the rule file must come without
 * them; their texts are tested elsewhere.
 */
export function renderScenarios(scenarios: readonly Scenario[], ruleFile: string): string {
  return stringify(
    {
      rule_files: [ruleFile],
      evaluation_interval: '15s',
      tests: scenarios.map(({ family, given, samples, at, firing }) => ({
        name: `${family}: ${given}`,
        interval: '15s',
        input_series: samples.map(([series, values]) => ({ series, values })),
        alert_rule_test: [
          {
            eval_time: at,
            alertname: family,
            exp_alerts: firing.map((labels) => ({ exp_labels: { team: teamOf({}, labels), ...labels } })),
          },
        ],
      })),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
