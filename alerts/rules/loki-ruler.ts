import { promql, series } from '../../telemetry/query/query.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity, increaseOf } from './common.ts';
import { stack } from './dashboards.ts';
import { refusedByAll } from './sending.ts';

const about = { by: identity, dashboard: stack, logs: failureLogs } as const;
const where = '{{ $labels.service }} in {{ $labels.environment }}';

/** Whether Loki's ruler evaluates the rules about log lines, and hands their alerts on. */
export const lokiRulerRules = alertRules([
  {
    ...about,
    name: 'LokiRuleEvaluationFailures',
    severity: 'warning',
    expr: promql`${increaseOf(series('loki_prometheus_rule_evaluation_failures_total'), '5m')} > 0`,
    for: { duration: '2m', because: 'a query may fail once while Loki starts' },
    summary: 'Loki’s ruler cannot evaluate some rules about log lines',
    description: `{{ printf "%.0f" $value }} rule evaluations of ${where} failed in the last five minutes: those alerts cannot fire.`,
    runbook: 'loki-rule-evaluation-failures',
  },
  {
    ...about,
    name: 'LokiRulerNotEvaluating',
    severity: 'warning',
    // Also without the series: a rule file that Loki cannot read leaves its tenant without any rule.
    expr: promql`
      count by (cluster, environment, namespace, service) (${series('up', { service: 'loki' })} == 1)
      unless sum by (cluster, environment, namespace, service) (rate(${series('loki_prometheus_rule_evaluations_total')}[5m])) > 0`,
    for: { duration: '10m', because: 'rules are loaded within minutes of a start' },
    summary: 'Loki’s ruler evaluates no rule',
    description: `${where} answers, but its ruler evaluates nothing: no alert about log lines can fire.`,
    runbook: 'loki-ruler-not-evaluating',
  },
  {
    ...about,
    ...refusedByAll(
      series('loki_prometheus_notifications_errors_total'),
      series('loki_prometheus_notifications_sent_total'),
    ),
    name: 'LokiRulerNotificationErrors',
    earned: {
      as: 'broken alert delivery',
      because: 'no Alertmanager takes the alerts about log lines without errors: pages may not arrive',
    },
    summary: 'Loki’s ruler fails to send {{ $value | humanizePercentage }} of its alerts to any Alertmanager',
    description: `No Alertmanager takes the alerts about log lines of ${where} without errors: pages may not arrive.`,
    runbook: 'loki-ruler-notification-errors',
  },
  {
    ...about,
    name: 'LokiRulerNotificationErrors',
    severity: 'warning',
    expr: promql`${increaseOf(series('loki_prometheus_notifications_dropped_total'), '5m')} > 0`,
    for: { duration: '2m', because: 'what fires is sent again a minute later' },
    summary: 'Loki’s ruler drops alerts',
    description: `{{ printf "%.0f" $value }} alerts about log lines of ${where} reached no Alertmanager in the last five minutes.`,
    runbook: 'loki-ruler-notification-errors',
  },
]);
