import { polledRoutes } from '../../telemetry/contract/routes.ts';
import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { notMatches } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { allLogs, failureLogs, identity, rateOf } from './common.ts';
import { websocket } from './dashboards.ts';

const fromUsers = series('http_server_request_duration_seconds_count', {
  service: 'backend-api',
  http_route: notMatches(polledRoutes.join('|')),
});

/** Who is connected for live updates, and for how long. */
export const connectionRules = alertRules([
  {
    name: 'WebSocketReconnectStorm',
    severity: 'warning',
    expr: promql`
      ${rateOf(series('websocket_reconnects_total'))}
      > ${threshold('websocket_reconnect_rate_warning')}`,
    for: { duration: '5m', because: 'after a deployment everybody reconnects once, within a minute or two' },
    by: identity,
    summary: '{{ printf "%.2f" $value }} clients a second reconnect to {{ $labels.service }}',
    description:
      'Clients of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) come back {{ printf "%.2f" $value }} times a second: each time they ask for all they missed, which can keep the service from recovering.',
    runbook: 'websocket-reconnect-storm',
    dashboard: websocket,
    logs: failureLogs,
  },
  {
    name: 'WebSocketNoConnections',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, namespace, service) (${series('websocket_connections')}) == 0
      and sum by (cluster, environment, namespace, service) (max_over_time(${series('websocket_connections')}[1h])) > 0
      and ${rateOf(fromUsers)} > ${threshold('minimum_request_rate')}`,
    for: { duration: '5m', because: 'clients wait up to a minute before they reconnect' },
    by: identity,
    summary: 'Nobody is connected to {{ $labels.service }} for live updates',
    description:
      'People use {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) and had live updates within the last hour, but no WebSocket is open: connections cannot be made.',
    runbook: 'websocket-no-connections',
    dashboard: websocket,
    logs: allLogs,
  },
]);
