import { expectedNames } from '../../telemetry/contract/pipeline.ts';
import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { alertRules } from '../rule.ts';
import { allLogs, failureLogs, identity, ourServices } from './common.ts';
import { serviceOverview, taskWork } from './dashboards.ts';
import { anyOf, notScraped, notUp } from './up.ts';

const serviceDown = {
  name: 'ServiceDown',
  by: ['service'],
  runbook: 'service-down',
  dashboard: { uid: 'service-overview', variables: ['environment', 'cluster', 'service'] },
  logs: allLogs,
} as const;

export const serviceRules = alertRules([
  {
    // Where there are scrapes that fail, the availability SLO pages. It counts scrapes: without any it sees nothing.
    ...serviceDown,
    severity: 'critical',
    earned: {
      as: 'fast SLO burn',
      because: 'with no instance all of its requests fail, and its SLOs have nothing left to measure it by',
    },
    expr: anyOf(expectedNames.map(notScraped)),
    for: {
      duration: '1m',
      because: 'four scrapes: a rollout keeps some instance, and Prometheus has found its targets by then',
    },
    summary: '{{ $labels.service }} is gone: Prometheus has no instance of it to ask',
    description:
      'For a minute Prometheus has had no target of {{ $labels.service }}: all of its instances were removed, or it was never started.',
  },
  {
    ...serviceDown,
    severity: 'warning',
    expr: anyOf(expectedNames.map(notUp)),
    for: { duration: '1m', because: 'four scrapes: a restart is quicker than that' },
    summary: '{{ $labels.service }} is down',
    description:
      'No instance of {{ $labels.service }} has answered a scrape for a minute: it is stopped or unreachable. When that spends its error budget fast, its availability SLO pages.',
  },
  {
    name: 'ServiceRestarting',
    severity: 'warning',
    // A crash loop: each restart is too short for ServiceDown, and between them all looks well.
    expr: promql`
      max by (cluster, environment, namespace, service) (changes(${series('process_start_time_seconds', { service: ourServices })}[10m]))
      > ${threshold('service_restarts_warning')}`,
    by: identity,
    summary: '{{ $labels.service }} restarts again and again: {{ $value }} times in ten minutes',
    description:
      'An instance of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) was restarted {{ $value }} times in ten minutes: it crashes, or is killed. What it has in hand is lost each time.',
    runbook: 'service-restarting',
    dashboard: serviceOverview,
    logs: allLogs,
  },
  {
    name: 'HealthCheckFailing',
    severity: 'warning',
    expr: promql`min by (cluster, environment, namespace, service, check) (${series('health_check_status', { service: ourServices })}) == 0`,
    for: { duration: '1m', because: 'a check may fail once while a dependency restarts' },
    by: [...identity, 'check'],
    summary: 'The {{ $labels.check }} check of {{ $labels.service }} fails',
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) runs but its {{ $labels.check }} check has failed for a minute: it cannot do its work.',
    runbook: 'health-check-failing',
    dashboard: serviceOverview,
    logs: failureLogs,
  },
  {
    name: 'DatabaseErrors',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, namespace, service) (rate(${series('db_client_operation_duration_seconds_count', { outcome: 'failure' })}[5m]))
      / sum by (cluster, environment, namespace, service) (rate(${series('db_client_operation_duration_seconds_count')}[5m]))
      > ${threshold('database_error_ratio_warning')}
      and sum by (cluster, environment, namespace, service) (rate(${series('db_client_operation_duration_seconds_count')}[5m]))
      > ${threshold('minimum_request_rate')}`,
    for: { duration: '2m', because: 'a lock that is waited out fails a few statements and then no more' },
    by: identity,
    summary: '{{ $value | humanizePercentage }} of the database statements of {{ $labels.service }} fail',
    description:
      '{{ $value | humanizePercentage }} of the statements that {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) sent to its database in the last five minutes failed.',
    runbook: 'database-errors',
    dashboard: serviceOverview,
    logs: failureLogs,
  },
  {
    name: 'AuthenticationFailures',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, namespace, service) (rate(${series('auth_attempts_total', { outcome: 'failure' })}[5m]))
      / sum by (cluster, environment, namespace, service) (rate(${series('auth_attempts_total')}[5m]))
      > ${threshold('auth_failure_ratio_warning')}
      and sum by (cluster, environment, namespace, service) (rate(${series('auth_attempts_total')}[5m]))
      > ${threshold('minimum_login_rate')}`,
    for: { duration: '5m', because: 'one person with a forgotten password is no incident' },
    by: identity,
    summary: '{{ $value | humanizePercentage }} of the logins at {{ $labels.service }} fail',
    description:
      'Logins at {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) fail far more often than people mistype: somebody guesses passwords, or the check of them is broken.',
    runbook: 'authentication-failures',
    dashboard: taskWork,
    logs: failureLogs,
  },
  {
    name: 'EventLoopLag',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, namespace, service) (${series('nodejs_eventloop_lag_p99_seconds', { service: ourServices })})
      > ${threshold('event_loop_lag_warning')}`,
    for: { duration: '5m', because: 'one long garbage collection or a start-up is not starvation' },
    by: identity,
    summary:
      'The event loop of {{ $labels.service }} is blocked for {{ $value | humanizeDuration }} at a time',
    description:
      'Synchronous work holds the event loop of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}): every request waits for it.',
    runbook: 'event-loop-lag',
    dashboard: serviceOverview,
    logs: failureLogs,
  },
  {
    name: 'HighMemory',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, namespace, service) (${series('process_resident_memory_bytes', { service: ourServices })})
      > ${threshold('resident_memory_warning')}`,
    for: { duration: '5m', because: 'a peak that the garbage collector takes back is harmless' },
    by: identity,
    summary: '{{ $labels.service }} holds {{ $value | humanize1024 }}B of memory',
    description:
      'The resident memory of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) has been too high for five minutes: at its limit it will be killed and lose what it is doing.',
    runbook: 'high-memory',
    dashboard: serviceOverview,
    logs: failureLogs,
  },
]);
