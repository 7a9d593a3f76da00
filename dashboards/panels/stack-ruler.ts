import { promql, series } from '../../telemetry/query/query.ts';
import type { PanelSpec } from '../spec.ts';
import { inCluster, type PanelContext } from './common.ts';
import { panelKit } from './kit.ts';
import { rateOf } from './queries.ts';

const evaluated = series('loki_prometheus_rule_evaluations_total', inCluster);
const failed = series('loki_prometheus_rule_evaluation_failures_total', inCluster);
const sent = series('loki_prometheus_notifications_sent_total', inCluster);
const notSent = series('loki_prometheus_notifications_errors_total', inCluster);
const dropped = series('loki_prometheus_notifications_dropped_total', inCluster);

/** Whether alerts about log lines are evaluated, and arrive. */
export function rulerPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Rules about log lines evaluated',
      description:
        'A minute, by tenant. None: the ruler could not read its rules, and no alert about log lines can fire.',
      unit: 'short',
      runbook: 'loki-ruler-not-evaluating',
      asks: [[promql`60 * ${rateOf(evaluated, 'service', 'user')}`, '{{service}} {{user}}']],
    }),
    line({
      title: 'Rules about log lines that fail',
      description: 'A minute, by tenant. Those alerts cannot fire: Loki’s log says why.',
      unit: 'short',
      runbook: 'loki-rule-evaluation-failures',
      asks: [[promql`60 * ${rateOf(failed, 'service', 'user')}`, '{{service}} {{user}}']],
    }),
    line({
      title: 'Alerts about log lines, a minute',
      description:
        'Sent to an Alertmanager, not taken by it, and given up since none took them. As many not taken as sent: pages do not arrive.',
      unit: 'short',
      runbook: 'loki-ruler-notification-errors',
      asks: [
        [promql`60 * ${rateOf(sent, 'service')}`, '{{service}}: sent'],
        [promql`60 * ${rateOf(notSent, 'service')}`, '{{service}}: not taken'],
        [promql`60 * ${rateOf(dropped, 'service')}`, '{{service}}: given up'],
      ],
    }),
  ];
}
