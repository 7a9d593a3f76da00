import { promql, series } from '../../telemetry/query/query.ts';
import { matches, oneOf } from '../../telemetry/query/series.ts';
import type { PanelSpec } from '../spec.ts';
import { inNamespace, type PanelContext } from './common.ts';
import { panelKit } from './kit.ts';
import { rateOf, shareOf } from './queries.ts';

const waiting = series('kube_pod_container_status_waiting_reason', inNamespace);
const restarts = series('kube_pod_container_status_restarts_total', inNamespace);
const ended = series('kube_pod_container_status_last_terminated_reason', inNamespace);
const unready = series('kube_pod_status_ready', { ...inNamespace, condition: oneOf(['false', 'unknown']) });
const phases = series('kube_pod_status_phase', inNamespace);
const periods = series('container_cpu_cfs_periods_total', inNamespace);
const throttled = series('container_cpu_cfs_throttled_periods_total', inNamespace);

export function podPanels(context: PanelContext): readonly PanelSpec[] {
  const { stack, states, table } = panelKit(context);
  return [
    stack({
      title: 'Pods by phase',
      description:
        'Pending for long: no node has room, or a volume or image cannot be had; kubectl describe pod tells. Failed and Unknown: look at the table.',
      colors: { Running: 'green', Pending: 'yellow', Succeeded: 'blue', Failed: 'red', Unknown: 'purple' },
      unit: 'short',
      asks: [[promql`sum by (phase) (${phases})`, '{{phase}}']],
    }),
    states({
      title: 'Pods that are not ready',
      description:
        'Pods that get no traffic, with pods that have done their work left out. A start takes minutes; longer is a probe that fails or a container that cannot start.',
      width: 16,
      runbook: 'kubernetes-pod-not-ready',
      asks: [
        [
          promql`max by (namespace, pod) (${unready}) == 1 unless max by (namespace, pod) (${series('kube_pod_status_phase', { ...inNamespace, phase: 'Succeeded' })}) == 1`,
          '{{namespace}} {{pod}}',
        ],
      ],
      states: { 1: { text: 'Not ready', color: 'red' } },
    }),
    table({
      title: 'Containers that wait or ended badly',
      description:
        'Why a container does not run, or why it ended last. CrashLoopBackOff: read the lines before its end. ImagePullBackOff: name, tag or key of the registry. OOMKilled: its memory limit.',
      height: 8,
      runbook: 'kubernetes-container-waiting',
      rows: { namespace: 'Namespace', pod: 'Pod', container: 'Container', reason: 'Reason' },
      columns: [
        {
          title: 'Waits',
          unit: 'short',
          query: promql`max by (namespace, pod, container, reason) (${waiting}) > 0`,
        },
        {
          title: 'Ended last',
          unit: 'short',
          query: promql`max by (namespace, pod, container, reason) (${ended}) > 0`,
        },
      ],
      sortBy: 'Waits',
    }),
  ];
}

export function containerPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Restarts a minute',
      description:
        'By container. One that restarts again and again crashes: its last lines before the end, in the logs below, say why.',
      unit: 'short',
      runbook: 'kubernetes-pod-crash-looping',
      asks: [
        [promql`60 * ${rateOf(restarts, 'namespace', 'pod', 'container')} > 0`, '{{pod}} {{container}}'],
      ],
    }),
    line({
      title: 'Killed for memory',
      description:
        'Containers whose last end was at their memory limit. Raise the limit, or find the leak: compare with the memory of the service.',
      unit: 'short',
      runbook: 'kubernetes-oom-killed',
      asks: [
        [
          promql`max by (namespace, pod, container) (${series('kube_pod_container_status_last_terminated_reason', { ...inNamespace, reason: matches('OOMKilled') })})`,
          '{{pod}} {{container}}',
        ],
      ],
    }),
    line({
      title: 'CPU throttling',
      description:
        'Share of scheduling periods in which a container had to wait. Above the dashed line its latency suffers while the node may be idle: raise or drop its CPU limit.',
      unit: 'percentunit',
      runbook: 'kubernetes-cpu-throttling',
      limits: { warning: 'cpu_throttling_warning' },
      asks: [[shareOf(throttled, periods, 'namespace', 'pod', 'container'), '{{pod}} {{container}}']],
    }),
  ];
}
