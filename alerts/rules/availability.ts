import type { LogLevel } from '../../telemetry/contract/logs.ts';
import { polledRoutes } from '../../telemetry/contract/routes.ts';
import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { notMatches, oneOf } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { allLogs, failureLogs, identity, ourServices, quantileOf, rateOf, shareOf } from './common.ts';
import { logs, serviceOverview } from './dashboards.ts';

const ours = { service: ourServices } as const;
const broken: readonly LogLevel[] = ['ERROR', 'CRITICAL'];
// A refused login is counted by the alerts about logins.
const withToken = { ...ours, http_route: notMatches([...polledRoutes, '/login'].join('|')) } as const;
const requests = series('http_server_request_duration_seconds_count', withToken);
const unauthorized = series('http_server_request_duration_seconds_count', {
  ...withToken,
  http_response_status_code: '401',
});

const aboutService = {
  severity: 'warning',
  by: identity,
  dashboard: serviceOverview,
  logs: failureLogs,
} as const;

/** How well the services serve, beyond whether they are up. */
export const availabilityRules = alertRules([
  {
    ...aboutService,
    name: 'RequestsPileUp',
    expr: promql`
      sum by (cluster, environment, namespace, service) (${series('http_server_active_requests', ours)})
      > ${threshold('active_requests_warning')}`,
    for: { duration: '2m', because: 'a burst is answered within two minutes by a service that is well' },
    summary: '{{ $labels.service }} has {{ $value }} requests under way at once',
    description:
      'Requests reach {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) faster than it answers them: latency and memory grow until clients give up.',
    runbook: 'requests-pile-up',
  },
  {
    ...aboutService,
    name: 'ErrorLogBurst',
    dashboard: logs,
    expr: promql`
      ${rateOf(series('log_lines_total', { ...ours, level: oneOf(broken) }))}
      > ${threshold('error_log_rate_warning')}`,
    for: { duration: '5m', because: 'one failed batch writes many lines and is over' },
    summary: '{{ $labels.service }} logs {{ printf "%.2f" $value }} errors a second',
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) writes {{ printf "%.2f" $value }} lines of level ERROR or CRITICAL a second.',
    runbook: 'error-log-burst',
  },
  {
    ...aboutService,
    name: 'UnauthorizedRequests',
    expr: promql`
      ${shareOf(unauthorized, requests)} > ${threshold('unauthorized_ratio_warning')}
      and ${rateOf(requests)} > ${threshold('minimum_request_rate')}`,
    for: { duration: '5m', because: 'clients whose token has run out are refused once, and log in again' },
    summary:
      '{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} are refused with 401',
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) does not accept the tokens of {{ $value | humanizePercentage }} of its requests: the key that checks them differs from the one that signs, a clock is wrong, or somebody tries tokens out.',
    runbook: 'unauthorized-requests',
  },
  {
    ...aboutService,
    name: 'DatabaseLatencyHigh',
    expr: promql`
      ${quantileOf(0.95, series('db_client_operation_duration_seconds_bucket'))}
      > ${threshold('database_latency_p95_warning')}
      and ${rateOf(series('db_client_operation_duration_seconds_count'))} > ${threshold('minimum_request_rate')}`,
    for: { duration: '5m', because: 'a checkpoint or a backup slows statements for a minute or two' },
    summary: 'The database of {{ $labels.service }} is slow: p95 is {{ $value | humanizeDuration }}',
    description:
      'One database statement in twenty of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) takes longer than {{ $value | humanizeDuration }}; every request that needs it waits as long.',
    runbook: 'database-latency-high',
  },
  {
    ...aboutService,
    name: 'ProbeFailing',
    dashboard: logs,
    logs: allLogs,
    // Who scrapes sees only that a service speaks to Prometheus: not its address, nor the way to it from outside.
    expr: promql`
      max by (cluster, environment, namespace, service, instance) (${series('probe_success')}) == 0`,
    for: { duration: '2m', because: 'a rollout or a name that was just changed is reachable again by then' },
    by: [...identity, 'instance'],
    summary: '{{ $labels.instance }} does not answer as it should',
    description:
      'For two minutes {{ $labels.instance }}, an address of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}), has not answered, or not with the status and the certificate that its probe asks for: who uses it gets the same.',
    runbook: 'probe-failing',
  },
]);
