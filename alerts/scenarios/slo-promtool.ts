import { teamOf } from '../ownership.ts';
import { blindName, burnRateName } from '../slo/alerts.ts';
import { subject } from './scenario.ts';
import type { SloProof } from './slo-recorded.ts';
import { recordedSample } from './slo-samples.ts';

/** Values are compared to six decimal places: the order of additions decides about the rest. */
const precision = 1e6;

/** A rule file with the recording rules and alerts of one SLO, without annotations, and its groups in order. */
interface RuleFile {
  readonly name: string;
  readonly groups: readonly string[];
}

/**
 * A file for `promtool test rules`. Groups must be evaluated in order: an alert that looks before what it reads is
 * recorded would see, with hours between evaluations, nothing at all. JSON is YAML.
 */
export function renderSloProof(proof: SloProof, ruleFile: RuleFile): string {
  const { slo, burns = [], blind = [], values = [] } = proof;
  const labels = { ...subject(slo.service), slo: slo.id, team: teamOf({}, { service: slo.service }) };
  const alert = (severity: 'critical' | 'warning') => ({ exp_labels: { severity, ...labels } });
  return JSON.stringify({
    rule_files: [ruleFile.name],
    group_eval_order: ruleFile.groups,
    evaluation_interval: proof.evaluated,
    tests: [
      {
        name: `${slo.id}: ${proof.given}`,
        interval: proof.evaluated === '15s' ? proof.evaluated : '1m',
        input_series: proof.samples.map(([series, notation]) => ({ series, values: notation })),
        alert_rule_test: [
          ...burns.map(({ at, fire }) => ({
            eval_time: at,
            alertname: burnRateName(slo.id),
            exp_alerts: fire.map(alert),
          })),
          ...blind.map(({ at, fires }) => ({
            eval_time: at,
            alertname: blindName(slo.id),
            exp_alerts: fires ? [alert('warning')] : [],
          })),
        ],
        promql_expr_test: values.map(({ at, series, is }) => {
          const [selector] = recordedSample(slo, series, []);
          return {
            expr: `round(${selector}, ${1 / precision})`,
            eval_time: at,
            exp_samples: [
              { labels: selector.replace(/^[^{]*/, ''), value: Math.round(is * precision) / precision },
            ],
          };
        }),
      },
    ],
  });
}
