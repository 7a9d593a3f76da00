import { metricLabels } from '../../../telemetry/contract/labels.ts';
import { serviceNames } from '../../../telemetry/contract/services.ts';
import type { LabelDefinition } from '../../../telemetry/contract/types.ts';
import type { Labels } from './series.ts';
import { nodes } from './targets.ts';

/** Requests that a service answers; probes and scrapes come with every one. */
const requests: Readonly<Record<string, readonly (readonly [method: string, route: string])[]>> = {
  'backend-api': [
    ['GET', '/tasks'],
    ['POST', '/tasks'],
    ['GET', '/tasks/:id'],
    ['POST', '/tasks/:id/complete'],
    ['POST', '/login'],
  ],
  'recurring-task': [['POST', '/events/:topic']],
  notification: [
    ['POST', '/events/:topic'],
    ['GET', '/reminders'],
  ],
  sync: [['POST', '/events/:topic']],
  audit: [
    ['POST', '/events/:topic'],
    ['GET', '/entries'],
  ],
};
const polled = [
  ['GET', '/health'],
  ['GET', '/metrics'],
] as const;

/** What stands in a label: of one metric by `metric.label`, else by the label alone. */
const values: Readonly<Record<string, readonly string[]>> = {
  'events_processed_total.outcome': ['success', 'failure', 'retry', 'dead_letter'],
  outcome: ['success', 'failure'],
  // The other checks are of the log pipeline.
  check: ['process', 'database', 'event_bus'],
  topic: ['task-events', 'task-updates'],
  version: ['0.1.0'],
  http_request_method: ['GET', 'POST'],
  http_response_status_code: ['200', '401', '404', '500'],
  'kube_pod_status_ready.condition': ['true', 'false', 'unknown'],
  'kube_job_failed.condition': ['true', 'false', 'unknown'],
  'kube_node_status_condition.condition': ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'],
  'kube_node_status_condition.status': ['true', 'false', 'unknown'],
  phase: ['Running', 'Pending', 'Failed', 'Succeeded', 'Unknown'],
  'kube_pod_container_status_waiting_reason.reason': ['CrashLoopBackOff'],
  'kube_pod_container_status_last_terminated_reason.reason': ['OOMKilled'],
  deployment: serviceNames,
  statefulset: ['loki', 'prometheus'],
  daemonset: ['promtail', 'node-exporter'],
  job_name: ['migrate'],
  node: nodes,
  persistentvolumeclaim: ['audit-data', 'loki-data', 'prometheus-data'],
  mountpoint: ['/'],
  fstype: ['ext4'],
  device: ['/dev/sda1'],
  device_error: [''],
  cpu: ['0', '1'],
  mode: ['idle', 'user', 'system', 'iowait'],
  consumergroup: serviceNames.filter((name) => name !== 'backend-api'),
  partition: ['0', '1', '2'],
  component: ['pubsub'],
  'dapr_component_state_count.component': ['statestore'],
  'dapr_component_state_count.operation': ['get', 'set'],
  success: ['true', 'false'],
  process_status: ['success', 'retry', 'drop'],
  'dapr_component_pubsub_ingress_count.status': ['200'],
  status: ['200', '500'],
  status_code: ['200', '500'],
  'promtail_request_duration_seconds.status_code': ['204', '500'],
  path: ['/v1.0/publish'],
  method: ['POST'],
  handler: ['/api/ds/query'],
  route: ['loki_api_v1_push', 'loki_api_v1_query', 'loki_api_v1_query_range', 'loki_api_v1_labels'],
  'loki_request_duration_seconds.method': ['GET'],
  ws: ['false'],
  tenant: ['platform', 'acme'],
  user: ['platform'],
  'alertmanager_alerts.state': ['active', 'suppressed'],
  integration: ['slack', 'pagerduty', 'webhook'],
  'alertmanager_notifications_failed_total.reason': ['serverError'],
  'promtail_dropped_entries_total.reason': ['ingester_error', 'line_too_long'],
  alertmanager: ['http://alertmanager-0:9093/api/v2/alerts'],
  rule_group: ['services'],
  host: ['loki:3100'],
  type: ['float'],
};

function valuesOf(metric: string, label: string): readonly string[] {
  const declared: Readonly<Record<string, LabelDefinition>> = metricLabels;
  return values[`${metric}.${label}`] ?? values[label] ?? declared[label]?.values ?? [`${label}-1`];
}

/** Every label set of a metric on one target: each value of a label with each of the others. */
export function labelSets(metric: string, labels: readonly string[], target: Labels): readonly Labels[] {
  const together = labels.includes('http_request_method') && labels.includes('http_route');
  const alone = labels.filter(
    (label) => target[label] === undefined && !(together && label.startsWith('http_r')),
  );
  const routes = together ? [...(requests[target.service ?? ''] ?? []), ...polled] : [];
  const start: readonly Labels[] = together
    ? routes.map(([method, route]) => ({ ...target, http_request_method: method, http_route: route }))
    : [target];
  const rest =
    together && labels.includes('http_response_status_code')
      ? [...alone, 'http_response_status_code']
      : alone;
  return rest.reduce<readonly Labels[]>(
    (sets, label) =>
      sets.flatMap((set) => valuesOf(metric, label).map((value) => ({ ...set, [label]: value }))),
    start,
  );
}
