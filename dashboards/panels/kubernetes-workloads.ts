import { promql, series } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import type { PanelSpec } from '../spec.ts';
import { inCluster, inNamespace, type PanelContext } from './common.ts';
import { panelKit } from './kit.ts';
import { anyIs } from './visuals.ts';

const deploymentsShort = promql`max by (namespace, deployment) (${series('kube_deployment_spec_replicas', inNamespace)}) - max by (namespace, deployment) (${series('kube_deployment_status_replicas_available', inNamespace)})`;
const statefulSetsShort = promql`max by (namespace, statefulset) (${series('kube_statefulset_replicas', inNamespace)}) - max by (namespace, statefulset) (${series('kube_statefulset_status_replicas_ready', inNamespace)})`;
const daemonSetsShort = promql`max by (namespace, daemonset) (${series('kube_daemonset_status_number_unavailable', inNamespace)})`;
const failedJobs = promql`max by (namespace, job_name) (${series('kube_job_failed', { ...inNamespace, condition: 'true' })})`;
const volumeLeft = promql`min by (namespace, persistentvolumeclaim) (${series('kubelet_volume_stats_available_bytes', inNamespace)} / ${series('kubelet_volume_stats_capacity_bytes', inNamespace)})`;
const volumeInodesLeft = promql`min by (namespace, persistentvolumeclaim) (${series('kubelet_volume_stats_inodes_free', inNamespace)} / ${series('kubelet_volume_stats_inodes', inNamespace)})`;
const nodeReady = promql`max by (node) (${series('kube_node_status_condition', { ...inCluster, condition: 'Ready', status: 'true' })})`;
const nodePressure = promql`max by (node, condition) (${series('kube_node_status_condition', { ...inCluster, condition: oneOf(['MemoryPressure', 'DiskPressure', 'PIDPressure']), status: 'true' })})`;
const volumeLimits = {
  warning: 'volume_space_warning',
  critical: 'volume_space_critical',
  below: true,
} as const;

const nodesAreShared = [{ check: 'selection', because: 'a node is in no namespace' }] as const;

/** Six numbers that are all zero, or full, while everything is well. */
export function workloadGlance(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  const none = { unit: 'short', steps: anyIs('red') } as const;
  return [
    number({
      ...none,
      title: 'Replicas missing',
      description: 'Replicas that were asked for and do not serve, over deployments and stateful sets.',
      runbook: 'kubernetes-replicas-missing',
      asks: [[promql`sum(${deploymentsShort}) + (sum(${statefulSetsShort}) or vector(0))`, 'missing']],
    }),
    number({
      ...none,
      title: 'Pods not ready',
      description: 'Pods that get no traffic. Some while a deployment goes on; see below which.',
      runbook: 'kubernetes-pod-not-ready',
      asks: [
        [
          promql`sum(max by (namespace, pod) (${series('kube_pod_status_ready', { ...inNamespace, condition: oneOf(['false', 'unknown']) })}) unless max by (namespace, pod) (${series('kube_pod_status_phase', { ...inNamespace, phase: 'Succeeded' })}) == 1)`,
          'pods',
        ],
      ],
    }),
    number({
      ...none,
      title: 'Containers waiting',
      description: 'Containers that cannot start or crash again and again. The table of containers says why.',
      runbook: 'kubernetes-container-waiting',
      asks: [
        [
          promql`sum(${series('kube_pod_container_status_waiting_reason', inNamespace)}) or 0 * count(${series('kube_pod_status_phase', inNamespace)})`,
          'containers',
        ],
      ],
    }),
    number({
      ...none,
      title: 'Jobs failed',
      description: 'Jobs that used up their retries or their time. They stay until somebody removes them.',
      runbook: 'kubernetes-job-failed',
      asks: [[promql`sum(${failedJobs})`, 'jobs']],
    }),
    number({
      title: 'Least volume left',
      description: 'Share that is left of the fullest volume.',
      unit: 'percentunit',
      decimals: 0,
      runbook: 'kubernetes-volume-filling',
      limits: volumeLimits,
      asks: [[promql`min(${volumeLeft})`, 'left']],
    }),
    number({
      ...none,
      title: 'Nodes not ready',
      allow: nodesAreShared,
      description: 'Nodes whose kubelet does not say that it is ready: their pods are moved away.',
      runbook: 'kubernetes-node-not-ready',
      asks: [[promql`count(${nodeReady} == 0) or 0 * count(${nodeReady})`, 'nodes']],
    }),
  ];
}

export function workloadPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const about = { unit: 'short', runbook: 'kubernetes-replicas-missing', width: 6 } as const;
  return [
    line({
      ...about,
      title: 'Deployments short of replicas',
      description:
        'Replicas that were asked for and are not available. For minutes in a deployment; longer, see its pods.',
      asks: [[promql`${deploymentsShort} > 0`, '{{namespace}} {{deployment}}']],
    }),
    line({
      ...about,
      title: 'Stateful sets short of replicas',
      description: 'They start in order: the first pod that cannot holds up the rest.',
      asks: [[promql`${statefulSetsShort} > 0`, '{{namespace}} {{statefulset}}']],
    }),
    line({
      ...about,
      title: 'Daemon sets missing on nodes',
      description:
        'Nodes on which the pod should serve and does not. For Promtail that means: no logs from them.',
      asks: [[promql`${daemonSetsShort} > 0`, '{{namespace}} {{daemonset}}']],
    }),
    line({
      ...about,
      title: 'Failed jobs',
      description:
        'Read the job’s last pod, mend what it says, then delete the job so that the next may run.',
      runbook: 'kubernetes-job-failed',
      asks: [[promql`${failedJobs} > 0`, '{{namespace}} {{job_name}}']],
    }),
  ];
}

export function volumePanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const about = { unit: 'percentunit', width: 12 } as const;
  const claim = '{{namespace}} {{persistentvolumeclaim}}';
  return [
    line({
      ...about,
      title: 'Volume space left',
      description:
        'Share of each volume. Below the upper dashed line grow it or delete what is old; below the lower one, at once.',
      runbook: 'kubernetes-volume-filling',
      limits: volumeLimits,
      asks: [[volumeLeft, claim]],
    }),
    line({
      ...about,
      title: 'Volume inodes left',
      description:
        'Share of the files a volume can still hold. Low with space left: many small files that nobody deletes.',
      runbook: 'kubernetes-volume-inodes-low',
      limits: { warning: 'inodes_warning', below: true },
      asks: [[volumeInodesLeft, claim]],
    }),
  ];
}

export function nodePanels(context: PanelContext): readonly PanelSpec[] {
  const { states } = panelKit(context);
  return [
    states({
      title: 'Nodes ready',
      allow: nodesAreShared,
      description:
        'Red: the kubelet does not answer or says that it cannot. See the machine, its disk and its network.',
      width: 12,
      runbook: 'kubernetes-node-not-ready',
      asks: [[nodeReady, '{{node}}']],
      states: { 0: { text: 'Not ready', color: 'red' }, 1: { text: 'Ready', color: 'green' } },
    }),
    states({
      title: 'Nodes under pressure',
      allow: nodesAreShared,
      description:
        'Red: memory, disk or process numbers of the node run out; the kubelet takes no new pods and evicts some.',
      width: 12,
      runbook: 'kubernetes-node-pressure',
      asks: [[nodePressure, '{{node}} {{condition}}']],
      states: { 0: { text: 'Room left', color: 'green' }, 1: { text: 'Pressure', color: 'red' } },
    }),
  ];
}
