import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { matches, not } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { allLogs, identity, quantileOf, rateOf, shareOf } from './common.ts';
import { dapr } from './dashboards.ts';

const aboutSidecar = { severity: 'warning', dashboard: dapr, logs: allLogs } as const;
const sidecar =
  'The Dapr sidecar of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }})';
const requests = series('dapr_http_server_request_count');
const egress = series('dapr_component_pubsub_egress_count');
const ingress = series('dapr_component_pubsub_ingress_count');
const state = series('dapr_component_state_count');
const aRestart = 'a sidecar or its broker that restarts refuses a few calls, which are made again';

/** A sidecar's series carry the `service` of its application. */
export const daprRules = alertRules([
  {
    ...aboutSidecar,
    name: 'DaprRequestErrors',
    expr: promql`
      ${shareOf(series('dapr_http_server_request_count', { status: matches('5..') }), requests)}
      > ${threshold('dapr_error_ratio_warning')}
      and ${rateOf(requests)} > ${threshold('minimum_request_rate')}`,
    for: { duration: '5m', because: aRestart },
    by: identity,
    summary: 'The sidecar of {{ $labels.service }} fails {{ $value | humanizePercentage }} of its requests',
    description: `${sidecar} answers {{ $value | humanizePercentage }} of its requests with 5xx.`,
    runbook: 'dapr-request-errors',
  },
  {
    ...aboutSidecar,
    name: 'DaprLatencyHigh',
    // Dapr measures in milliseconds.
    expr: promql`
      ${quantileOf(0.95, series('dapr_http_server_latency_bucket'))} / 1000
      > ${threshold('dapr_latency_p95_warning')}
      and ${rateOf(requests)} > ${threshold('minimum_request_rate')}`,
    for: { duration: '5m', because: 'a broker that elects a leader holds up calls for a while' },
    by: identity,
    summary: 'The sidecar of {{ $labels.service }} is slow: p95 is {{ $value | humanizeDuration }}',
    description: `${sidecar} takes longer than {{ $value | humanizeDuration }} for one request in twenty.`,
    runbook: 'dapr-latency-high',
  },
  {
    ...aboutSidecar,
    name: 'DaprPublishFailures',
    expr: promql`
      ${shareOf(series('dapr_component_pubsub_egress_count', { success: 'false' }), egress, 'component', 'topic')}
      > ${threshold('dapr_pubsub_failure_ratio_warning')}`,
    for: { duration: '2m', because: aRestart },
    by: [...identity, 'component', 'topic'],
    summary: '{{ $labels.component }} does not take {{ $value | humanizePercentage }} of {{ $labels.topic }}',
    description: `${sidecar} cannot publish {{ $value | humanizePercentage }} of the messages for {{ $labels.topic }} to {{ $labels.component }}.`,
    runbook: 'dapr-publish-failures',
  },
  {
    ...aboutSidecar,
    name: 'DaprDeliveryFailures',
    expr: promql`
      ${shareOf(series('dapr_component_pubsub_ingress_count', { process_status: not('success') }), ingress, 'component', 'topic')}
      > ${threshold('dapr_pubsub_failure_ratio_warning')}`,
    for: { duration: '5m', because: 'while the application restarts its messages come back once' },
    by: [...identity, 'component', 'topic'],
    summary: '{{ $labels.service }} does not take {{ $value | humanizePercentage }} of {{ $labels.topic }}',
    description: `${sidecar} delivers {{ $value | humanizePercentage }} of the messages of {{ $labels.topic }} from {{ $labels.component }} in vain: the application drops them or asks for them again.`,
    runbook: 'dapr-delivery-failures',
  },
  {
    ...aboutSidecar,
    name: 'DaprStateFailures',
    expr: promql`
      ${shareOf(series('dapr_component_state_count', { success: 'false' }), state, 'component')}
      > ${threshold('dapr_state_failure_ratio_warning')}`,
    for: { duration: '2m', because: aRestart },
    by: [...identity, 'component'],
    summary: '{{ $value | humanizePercentage }} of the operations on {{ $labels.component }} fail',
    description: `${sidecar} fails in {{ $value | humanizePercentage }} of its operations on the state store {{ $labels.component }}.`,
    runbook: 'dapr-state-failures',
  },
]);
