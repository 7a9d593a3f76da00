import { logql, promql, series, stream, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { alertRules, labelHole } from '../rule.ts';
import { workloads } from './dashboards.ts';

const place = ['cluster', 'environment', 'namespace'] as const;
const perPod = [...place, 'pod'] as const;
const perContainer = [...perPod, 'container'] as const;
const container =
  '{{ $labels.container }} of {{ $labels.pod }} ({{ $labels.namespace }}, {{ $labels.environment }})';
const podLogs = logql`${stream({ namespace: labelHole('namespace'), pod: labelHole('pod') })}`;

const aboutContainer = {
  severity: 'warning',
  by: perContainer,
  dashboard: workloads,
  logs: podLogs,
} as const;

/** Waiting that does not end by itself; ContainerCreating and PodInitializing do. */
const cannotStart = [
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
];

/** `service` would be kube-state-metrics or the kubelet, so no rule keeps it: the pod is the identity. */
export const podRules = alertRules([
  {
    ...aboutContainer,
    name: 'KubernetesPodCrashLooping',
    // Between two attempts the container runs for a moment: five minutes are looked at as a whole.
    expr: promql`max by (cluster, environment, namespace, pod, container) (max_over_time(${series('kube_pod_container_status_waiting_reason', { reason: { operator: '=', value: 'CrashLoopBackOff' } })}[5m])) > 0`,
    for: { duration: '5m', because: 'a dependency that starts later costs a crash or two' },
    summary: '{{ $labels.container }} of {{ $labels.pod }} crashes again and again',
    description: `${container} ends soon after each start; Kubernetes waits longer and longer before it tries again.`,
    runbook: 'kubernetes-pod-crash-looping',
  },
  {
    ...aboutContainer,
    name: 'KubernetesContainerWaiting',
    expr: promql`max by (cluster, environment, namespace, pod, container, reason) (${series('kube_pod_container_status_waiting_reason', { reason: oneOf(cannotStart) })}) > 0`,
    for: { duration: '10m', because: 'a registry may be out of reach for a few minutes' },
    by: [...perContainer, 'reason'],
    summary: '{{ $labels.container }} of {{ $labels.pod }} cannot start: {{ $labels.reason }}',
    description: `${container} has waited for ten minutes: {{ $labels.reason }}. That does not mend itself.`,
    runbook: 'kubernetes-container-waiting',
  },
  {
    ...aboutContainer,
    name: 'KubernetesOomKilled',
    expr: promql`
      sum by (cluster, environment, namespace, pod, container) (increase(${series('kube_pod_container_status_restarts_total')}[10m])) > 0
      and max by (cluster, environment, namespace, pod, container) (${series('kube_pod_container_status_last_terminated_reason', { reason: { operator: '=', value: 'OOMKilled' } })}) == 1`,
    // No `for`: what it was doing is lost already.
    summary: '{{ $labels.container }} of {{ $labels.pod }} was killed for its memory',
    description: `${container} went over its memory limit and was killed, within the last ten minutes.`,
    runbook: 'kubernetes-oom-killed',
  },
  {
    ...aboutContainer,
    name: 'KubernetesCpuThrottling',
    expr: promql`
      sum by (cluster, environment, namespace, pod, container) (rate(${series('container_cpu_cfs_throttled_periods_total')}[5m]))
      / sum by (cluster, environment, namespace, pod, container) (rate(${series('container_cpu_cfs_periods_total')}[5m]))
      > ${threshold('cpu_throttling_warning')}`,
    for: { duration: '15m', because: 'a start-up is throttled for minutes and harms nobody' },
    summary:
      '{{ $labels.container }} of {{ $labels.pod }} is throttled in {{ $value | humanizePercentage }} of periods',
    description: `${container} uses up its CPU limit in {{ $value | humanizePercentage }} of the scheduler’s periods and has to wait for the next: its latency suffers while the node may be idle.`,
    runbook: 'kubernetes-cpu-throttling',
  },
  {
    name: 'KubernetesPodNotReady',
    severity: 'warning',
    // A pod that has done its work is not ready either.
    expr: promql`
      max by (cluster, environment, namespace, pod) (${series('kube_pod_status_ready', { condition: oneOf(['false', 'unknown']) })}) == 1
      unless max by (cluster, environment, namespace, pod) (${series('kube_pod_status_phase', { phase: 'Succeeded' })}) == 1`,
    for: { duration: '15m', because: 'pulling an image and starting up may take that long' },
    by: perPod,
    summary: '{{ $labels.pod }} is not ready',
    description:
      '{{ $labels.pod }} ({{ $labels.namespace }}, {{ $labels.environment }}) has not been ready for a quarter of an hour: it gets no traffic.',
    runbook: 'kubernetes-pod-not-ready',
    dashboard: workloads,
    logs: podLogs,
  },
]);
