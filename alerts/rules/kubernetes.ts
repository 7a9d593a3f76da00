import { logql, promql, series, stream, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { alertRules, labelHole } from '../rule.ts';
import { nodes, workloads } from './dashboards.ts';

const place = ['cluster', 'environment', 'namespace'] as const;
const namespaceLogs = logql`${stream({ namespace: labelHole('namespace') })}`;
const inNamespace = '({{ $labels.namespace }}, {{ $labels.environment }})';
const rollout = {
  severity: 'warning',
  for: { duration: '15m', because: 'a deployment may take that long' },
  dashboard: workloads,
  logs: namespaceLogs,
} as const;

const volumeFilling = {
  name: 'KubernetesVolumeFilling',
  by: [...place, 'persistentvolumeclaim'],
  summary: 'The volume {{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left',
  runbook: 'kubernetes-volume-filling',
  dashboard: workloads,
  logs: namespaceLogs,
} as const;

const volumeLeft = promql`
  min by (cluster, environment, namespace, persistentvolumeclaim) (${series('kubelet_volume_stats_available_bytes')}
  / ${series('kubelet_volume_stats_capacity_bytes')})`;

/** Workloads, volumes, jobs and nodes; pods have a file of their own. */
export const kubernetesRules = alertRules([
  {
    ...rollout,
    name: 'KubernetesDeploymentShort',
    expr: promql`
      max by (cluster, environment, namespace, deployment) (${series('kube_deployment_status_replicas_available')})
      < max by (cluster, environment, namespace, deployment) (${series('kube_deployment_spec_replicas')})`,
    by: [...place, 'deployment'],
    summary: 'The deployment {{ $labels.deployment }} has only {{ $value }} replicas',
    description: `Fewer replicas of {{ $labels.deployment }} ${inNamespace} serve than were asked for, for a quarter of an hour.`,
    runbook: 'kubernetes-replicas-missing',
  },
  {
    ...rollout,
    name: 'KubernetesStatefulSetShort',
    expr: promql`
      max by (cluster, environment, namespace, statefulset) (${series('kube_statefulset_status_replicas_ready')})
      < max by (cluster, environment, namespace, statefulset) (${series('kube_statefulset_replicas')})`,
    by: [...place, 'statefulset'],
    summary: 'The stateful set {{ $labels.statefulset }} has only {{ $value }} replicas',
    description: `Fewer replicas of {{ $labels.statefulset }} ${inNamespace} are ready than were asked for, for a quarter of an hour. They start in order: the first that cannot holds up the rest.`,
    runbook: 'kubernetes-replicas-missing',
  },
  {
    ...rollout,
    name: 'KubernetesDaemonSetShort',
    expr: promql`max by (cluster, environment, namespace, daemonset) (${series('kube_daemonset_status_number_unavailable')}) > 0`,
    by: [...place, 'daemonset'],
    summary: 'The daemon set {{ $labels.daemonset }} is missing on {{ $value }} nodes',
    description: `{{ $labels.daemonset }} ${inNamespace} does not serve on {{ $value }} nodes. For Promtail that means: no logs from them.`,
    runbook: 'kubernetes-replicas-missing',
  },
  {
    ...volumeFilling,
    severity: 'critical',
    earned: {
      as: 'imminent exhaustion',
      because: 'what writes to the volume stops when the last few percent are gone',
    },
    expr: promql`${volumeLeft} < ${threshold('volume_space_critical')}`,
    for: { duration: '2m', because: 'a temporary file may be gone by then; more time there is not' },
    description: `The volume {{ $labels.persistentvolumeclaim }} ${inNamespace} is about to be full: what writes to it stops, and what it has acknowledged may be lost.`,
  },
  {
    ...volumeFilling,
    severity: 'warning',
    expr: promql`${volumeLeft} < ${threshold('volume_space_warning')}`,
    for: { duration: '10m', because: 'a compaction needs room for both copies for a while' },
    description: `The volume {{ $labels.persistentvolumeclaim }} ${inNamespace} has {{ $value | humanizePercentage }} of its space left.`,
  },
  {
    name: 'KubernetesVolumeInodesLow',
    severity: 'warning',
    expr: promql`
      min by (cluster, environment, namespace, persistentvolumeclaim) (${series('kubelet_volume_stats_inodes_free')}
      / ${series('kubelet_volume_stats_inodes')}) < ${threshold('inodes_warning')}`,
    for: { duration: '10m', because: 'small temporary files may be gone by then' },
    by: [...place, 'persistentvolumeclaim'],
    summary:
      'The volume {{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its inodes left',
    description: `No more files can be made on {{ $labels.persistentvolumeclaim }} ${inNamespace} once its inodes are used up, however much space is left.`,
    runbook: 'kubernetes-volume-inodes-low',
    dashboard: workloads,
    logs: namespaceLogs,
  },
  {
    name: 'KubernetesJobFailed',
    severity: 'warning',
    expr: promql`max by (cluster, environment, namespace, job_name) (${series('kube_job_failed', { condition: 'true' })}) > 0`,
    for: { duration: '1m', because: 'four scrapes; a job that has failed stays so until it is removed' },
    by: [...place, 'job_name'],
    summary: 'The job {{ $labels.job_name }} failed',
    description: `{{ $labels.job_name }} ${inNamespace} used up its retries or its time.`,
    runbook: 'kubernetes-job-failed',
    dashboard: workloads,
    logs: namespaceLogs,
  },
  {
    name: 'KubernetesNodeNotReady',
    severity: 'warning',
    expr: promql`max by (cluster, environment, node) (${series('kube_node_status_condition', { condition: 'Ready', status: 'true' })}) == 0`,
    for: { duration: '5m', because: 'a node that boots is back by then; pods are moved after as long' },
    by: ['cluster', 'environment', 'node'],
    summary: 'The node {{ $labels.node }} is not ready',
    description:
      'The kubelet of {{ $labels.node }} ({{ $labels.environment }}) does not say that it is ready: its pods are moved away, those with local volumes wait.',
    runbook: 'kubernetes-node-not-ready',
    dashboard: nodes,
  },
  {
    name: 'KubernetesNodePressure',
    severity: 'warning',
    expr: promql`max by (cluster, environment, node, condition) (${series('kube_node_status_condition', { condition: oneOf(['MemoryPressure', 'DiskPressure', 'PIDPressure']), status: 'true' })}) == 1`,
    for: { duration: '5m', because: 'the kubelet frees images and memory by itself first' },
    by: ['cluster', 'environment', 'node', 'condition'],
    summary: '{{ $labels.node }} is under {{ $labels.condition }}',
    description:
      '{{ $labels.node }} ({{ $labels.environment }}) is under {{ $labels.condition }}: the kubelet takes no new pods and evicts some.',
    runbook: 'kubernetes-node-pressure',
    dashboard: nodes,
  },
]);
