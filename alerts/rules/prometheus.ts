import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity, increaseOf, shareOf } from './common.ts';
import { stack } from './dashboards.ts';
import { refusedByAll } from './sending.ts';

const about = { severity: 'warning', by: identity, dashboard: stack, logs: failureLogs } as const;
const where = '{{ $labels.service }} in {{ $labels.environment }}';

/** Whether Prometheus stores, evaluates and sends, and its Alertmanagers agree. */
export const prometheusRules = alertRules([
  {
    ...about,
    name: 'PrometheusMissedEvaluations',
    expr: promql`
      ${shareOf(series('prometheus_rule_group_iterations_missed_total'), series('prometheus_rule_group_iterations_total'))}
      > ${threshold('missed_evaluations_ratio_warning')}`,
    for: { duration: '10m', because: 'a busy host delays evaluations for a moment, which harms no alert' },
    summary: 'Prometheus leaves out {{ $value | humanizePercentage }} of its rule evaluations',
    description: `A rule group of ${where} takes longer than its interval: alerts come late, and recorded series have gaps.`,
    runbook: 'prometheus-missed-evaluations',
  },
  {
    ...about,
    name: 'PrometheusNotIngesting',
    expr: promql`sum by (cluster, environment, namespace, service) (rate(${series('prometheus_tsdb_head_samples_appended_total')}[5m])) == 0`,
    for: { duration: '5m', because: 'replaying the write-ahead log after a restart takes minutes' },
    summary: 'Prometheus stores no samples',
    description: `${where} answers, but nothing has been added to its database: no alert can fire on new data.`,
    runbook: 'prometheus-not-ingesting',
  },
  {
    ...about,
    name: 'PrometheusCompactionsFailing',
    expr: promql`${increaseOf(series('prometheus_tsdb_compactions_failed_total'), '3h')} > 0`,
    for: { duration: '5m', because: 'nothing is lost by one; it is tried again two hours later' },
    summary: 'Prometheus cannot compact its database',
    description: `Compactions of ${where} failed in the last three hours: memory and the write-ahead log grow until one of them runs out.`,
    runbook: 'prometheus-compactions-failing',
  },
  {
    ...about,
    name: 'PrometheusSampleLimitHit',
    expr: promql`${increaseOf(series('prometheus_target_scrapes_exceeded_sample_limit_total'), '5m')} > 0`,
    for: { duration: '2m', because: 'eight scrapes: the target is over the limit, and not just restarting' },
    summary: 'Prometheus throws scrapes away for exceeding the sample limit',
    description: `A target of ${where} exposes more series than the limit: nothing of it is stored, not even what is harmless.`,
    runbook: 'prometheus-sample-limit-hit',
  },
  {
    ...refusedByAll(
      series('prometheus_notifications_errors_total'),
      series('prometheus_notifications_sent_total'),
    ),
    name: 'PrometheusErrorSendingAlerts',
    earned: {
      as: 'broken alert delivery',
      because: 'no Alertmanager takes the alerts without errors: pages may not arrive',
    },
    by: identity,
    summary: 'Prometheus fails to send {{ $value | humanizePercentage }} of its alerts to any Alertmanager',
    description: `No Alertmanager takes the alerts of ${where} without errors: pages may not arrive.`,
    runbook: 'prometheus-error-sending-alerts',
    dashboard: stack,
    logs: failureLogs,
  },
  {
    ...about,
    name: 'AlertmanagerMembersMissing',
    expr: promql`
      min by (cluster, environment, namespace, service) (${series('alertmanager_cluster_members')})
      < count by (cluster, environment, namespace, service) (${series('up', { service: 'alertmanager' })} == 1)`,
    for: { duration: '10m', because: 'members find each other within minutes of a rollout' },
    summary: 'An Alertmanager sees only {{ $value }} of its members',
    description: `The members of ${where} do not all see each other: each sends the same notifications, and a silence may hold on one of them only.`,
    runbook: 'alertmanager-members-missing',
  },
  {
    ...about,
    name: 'GrafanaRequestErrors',
    expr: promql`
      ${shareOf(series('grafana_http_request_duration_seconds_count', { status_code: { operator: '=~', value: '5..' } }), series('grafana_http_request_duration_seconds_count'))}
      > ${threshold('grafana_error_ratio_warning')}`,
    for: { duration: '5m', because: 'a query that times out now and then is no fault of Grafana’s' },
    summary: 'Grafana fails {{ $value | humanizePercentage }} of its requests',
    description: `${where} answers {{ $value | humanizePercentage }} of its requests with 5xx: dashboards are empty or wrong just when somebody needs them.`,
    runbook: 'grafana-request-errors',
  },
]);
