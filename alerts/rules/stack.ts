import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { allLogs, failureLogs, identity, increaseOf, ourServices } from './common.ts';
import { stack } from './dashboards.ts';
import { anyOf, notUp } from './up.ts';

/** The components that no target runs without; Prometheus itself is watched by the Watchdog. */
const required = ['alertmanager', 'loki', 'promtail'] as const;

/** Anything scraped that is neither one of our services nor required. */
const others = {
  service: { operator: '!~', value: `${ourServices.value}|${oneOf(required).value}` },
} as const;

/** A configuration that a component has refused; it runs on the one before. */
const reloadFailed = {
  severity: 'warning',
  for: { duration: '2m', because: 'a configuration that is still being written is whole a moment later' },
  by: identity,
  dashboard: stack,
  logs: failureLogs,
} as const;

export const stackRules = alertRules([
  {
    name: 'Watchdog',
    severity: 'none',
    expr: promql`vector(1)`,
    by: [],
    summary: 'The alerting chain works',
    description:
      'Always fires. It goes to the heartbeat receiver; when it stops arriving there, alerts no longer reach anybody.',
    runbook: 'watchdog',
    dashboard: stack,
  },
  {
    name: 'TargetDown',
    severity: 'warning',
    expr: promql`
      ${anyOf(required.map((component) => notUp(component)))}
      or count by (service) (${series('up', others)} == 0) / count by (service) (${series('up', others)})
      > ${threshold('targets_down_ratio_warning')}`,
    for: { duration: '2m', because: 'a component that restarts is back by then' },
    by: ['service'],
    summary: '{{ $labels.service }} does not answer its scrapes',
    description:
      'Targets of {{ $labels.service }}, a part of the observability stack itself, are down or gone. What it does for the stack is missing.',
    runbook: 'target-down',
    dashboard: stack,
    logs: allLogs,
  },
  {
    ...reloadFailed,
    name: 'PrometheusConfigReloadFailed',
    expr: promql`min by (cluster, environment, namespace, service) (${series('prometheus_config_last_reload_successful')}) == 0`,
    summary: 'Prometheus runs on an old configuration',
    description:
      'The last reload of {{ $labels.service }} in {{ $labels.environment }} was refused: new rules and targets are not in effect, and it will not start again with this configuration.',
    runbook: 'prometheus-config-reload-failed',
  },
  {
    name: 'PrometheusRuleFailures',
    severity: 'warning',
    expr: promql`${increaseOf(series('prometheus_rule_evaluation_failures_total'), '5m')} > 0`,
    for: { duration: '2m', because: 'a query may fail once while Prometheus starts' },
    by: identity,
    summary: 'Prometheus cannot evaluate some of its rules',
    description:
      '{{ printf "%.0f" $value }} rule evaluations of {{ $labels.service }} in {{ $labels.environment }} failed in the last five minutes: those alerts cannot fire.',
    runbook: 'prometheus-rule-failures',
    dashboard: stack,
    logs: failureLogs,
  },
  {
    name: 'PrometheusNotConnectedToAlertmanager',
    severity: 'critical',
    earned: {
      as: 'broken alert delivery',
      because: 'every alert of this Prometheus, this one included, goes nowhere',
    },
    expr: promql`max by (cluster, environment, namespace, service) (${series('prometheus_notifications_alertmanagers_discovered')}) < 1`,
    for: { duration: '2m', because: 'discovery is empty for a moment after a start or a reload' },
    by: identity,
    summary: 'Prometheus knows no Alertmanager: alerts reach nobody',
    description:
      '{{ $labels.service }} in {{ $labels.environment }} has no Alertmanager to send to. This alert itself is only seen in Prometheus, and by the silence of the heartbeat.',
    runbook: 'prometheus-not-connected-to-alertmanager',
    dashboard: stack,
    logs: failureLogs,
  },
  {
    name: 'AlertmanagerNotificationsFailing',
    severity: 'critical',
    earned: {
      as: 'broken alert delivery',
      because: 'an integration refuses notifications: what fires reaches nobody by that way',
    },
    expr: promql`
      sum by (cluster, environment, namespace, service, integration) (rate(${series('alertmanager_notifications_failed_total')}[5m]))
      / sum by (cluster, environment, namespace, service, integration) (rate(${series('alertmanager_notifications_total')}[5m]))
      > ${threshold('notification_failure_ratio_critical')}`,
    for: {
      duration: '2m',
      because: 'Alertmanager retries by itself, and a short outage of a receiver heals',
    },
    by: [...identity, 'integration'],
    summary: '{{ $value | humanizePercentage }} of the {{ $labels.integration }} notifications fail',
    description:
      'Alertmanager in {{ $labels.environment }} cannot deliver by {{ $labels.integration }}: alerts fire and people do not learn of them.',
    runbook: 'alertmanager-notifications-failing',
    dashboard: stack,
    logs: failureLogs,
  },
  {
    ...reloadFailed,
    name: 'AlertmanagerConfigReloadFailed',
    expr: promql`min by (cluster, environment, namespace, service) (${series('alertmanager_config_last_reload_successful')}) == 0`,
    summary: 'Alertmanager runs on an old configuration',
    description:
      'The last reload of {{ $labels.service }} in {{ $labels.environment }} was refused: new routes and receivers are not in effect, and it will not start again with this configuration.',
    runbook: 'alertmanager-config-reload-failed',
  },
  {
    name: 'LokiRequestErrors',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, namespace, service) (rate(${series('loki_request_duration_seconds_count', { status_code: { operator: '=~', value: '5..' } })}[5m]))
      / sum by (cluster, environment, namespace, service) (rate(${series('loki_request_duration_seconds_count')}[5m]))
      > ${threshold('loki_error_ratio_warning')}`,
    for: { duration: '5m', because: 'Promtail waits and tries again: nothing is lost within minutes' },
    by: identity,
    summary: '{{ $value | humanizePercentage }} of Loki’s requests fail',
    description:
      'Loki in {{ $labels.environment }} answers {{ $value | humanizePercentage }} of its requests with 5xx: logs are not stored or cannot be read, and Promtail gives lines up when it lasts.',
    runbook: 'loki-request-errors',
    dashboard: stack,
    logs: failureLogs,
  },
  {
    name: 'PromtailDroppedLines',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, namespace, service, reason) (rate(${series('promtail_dropped_entries_total')}[5m]))
      > ${threshold('promtail_dropped_lines_warning')}`,
    // No `for`: a line that was dropped is gone.
    keepFiringFor: { duration: '5m', because: 'drops come in batches, and each would page anew' },
    by: [...identity, 'reason'],
    summary: 'Promtail drops {{ printf "%.2f" $value }} lines a second ({{ $labels.reason }})',
    description:
      'Promtail in {{ $labels.environment }} gave up on log lines: {{ $labels.reason }}. They are not in Loki and will not be.',
    runbook: 'promtail-dropped-lines',
    dashboard: stack,
    logs: failureLogs,
  },
  {
    name: 'UnparsedLogLines',
    severity: 'info',
    expr: promql`${increaseOf(series('promtail_custom_unparsed_lines_total'), '5m')} > 0`,
    for: { duration: '15m', because: 'the stack’s own components write a plain line when they start' },
    by: identity,
    summary: 'Some log lines are not JSON',
    description:
      '{{ printf "%.0f" $value }} lines of the last five minutes in {{ $labels.environment }} were kept as text, without level, request id or trace id.',
    runbook: 'unparsed-log-lines',
    dashboard: stack,
  },
]);
