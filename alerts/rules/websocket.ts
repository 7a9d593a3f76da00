import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity } from './common.ts';
import { websocket } from './dashboards.ts';

export const websocketRules = alertRules([
  {
    name: 'WebSocketDeliveryFailures',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, namespace, service) (rate(${series('websocket_deliveries_total', { outcome: 'failure' })}[5m]))
      / sum by (cluster, environment, namespace, service) (rate(${series('websocket_deliveries_total')}[5m]))
      > ${threshold('websocket_delivery_failure_ratio_warning')}
      and sum by (cluster, environment, namespace, service) (rate(${series('websocket_deliveries_total')}[5m]))
      > ${threshold('minimum_event_rate')}`,
    for: { duration: '5m', because: 'clients that lose their network fail a push before they are noticed' },
    by: identity,
    summary:
      '{{ $value | humanizePercentage }} of the updates that {{ $labels.service }} pushes reach no client',
    description:
      'The sockets of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) refuse {{ $value | humanizePercentage }} of the updates: people look at stale tasks until they reload.',
    runbook: 'websocket-delivery-failures',
    dashboard: websocket,
    logs: failureLogs,
  },
  {
    name: 'WebSocketDropRate',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, namespace, service) (rate(${series('websocket_disconnects_total', { reason: oneOf(['dropped', 'slow_client', 'error']) })}[5m]))
      > ${threshold('websocket_drop_rate_warning')}`,
    for: { duration: '5m', because: 'a proxy that restarts drops everybody once' },
    by: identity,
    summary: '{{ $labels.service }} loses {{ printf "%.2f" $value }} WebSocket connections a second',
    description:
      'Connections to {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) end without a close, {{ printf "%.2f" $value }} a second: clients reconnect over and over.',
    runbook: 'websocket-drop-rate',
    dashboard: websocket,
    logs: failureLogs,
  },
]);
