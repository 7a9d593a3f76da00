import type { CatalogueMetric } from './types.ts';

/** Of kube-state-metrics. Namespace, pod and container are the object's. */
export const kubeStateMetrics = {
  kube_pod_container_status_waiting_reason: {
    type: 'gauge',
    help: '1 for the reason a container waits',
    labels: ['uid', 'reason'],
  },
  kube_pod_container_status_restarts_total: {
    type: 'counter',
    help: 'Restarts of a container',
    labels: ['uid'],
  },
  kube_pod_container_status_last_terminated_reason: {
    type: 'gauge',
    help: '1 for the reason a container ended last',
    labels: ['uid', 'reason'],
  },
  kube_pod_status_ready: {
    type: 'gauge',
    help: '1 for the value that the pod’s Ready condition has',
    labels: ['uid', 'condition'],
  },
  kube_pod_status_phase: { type: 'gauge', help: '1 for the phase a pod is in', labels: ['uid', 'phase'] },
  kube_deployment_spec_replicas: { type: 'gauge', help: 'Replicas wanted', labels: ['deployment'] },
  kube_deployment_status_replicas_available: {
    type: 'gauge',
    help: 'Replicas that serve',
    labels: ['deployment'],
  },
  kube_statefulset_replicas: { type: 'gauge', help: 'Replicas wanted', labels: ['statefulset'] },
  kube_statefulset_status_replicas_ready: {
    type: 'gauge',
    help: 'Replicas that are ready',
    labels: ['statefulset'],
  },
  kube_daemonset_status_number_unavailable: {
    type: 'gauge',
    help: 'Nodes on which the pod should serve and does not',
    labels: ['daemonset'],
  },
  kube_job_failed: {
    type: 'gauge',
    help: '1 for the value that the job’s Failed condition has',
    labels: ['job_name', 'condition'],
  },
  kube_node_status_condition: {
    type: 'gauge',
    help: '1 for the status that a condition of the node has',
    labels: ['node', 'condition', 'status'],
  },
} as const satisfies Record<string, CatalogueMetric>;

/** Of the kubelet and the cAdvisor in it. */
export const kubeletMetrics = {
  kubelet_volume_stats_available_bytes: {
    type: 'gauge',
    help: 'Free space of a volume',
    labels: ['persistentvolumeclaim'],
  },
  kubelet_volume_stats_capacity_bytes: {
    type: 'gauge',
    help: 'Size of a volume',
    labels: ['persistentvolumeclaim'],
  },
  kubelet_volume_stats_inodes: {
    type: 'gauge',
    help: 'Inodes of a volume',
    labels: ['persistentvolumeclaim'],
  },
  kubelet_volume_stats_inodes_free: {
    type: 'gauge',
    help: 'Free inodes of a volume',
    labels: ['persistentvolumeclaim'],
  },
  container_cpu_cfs_periods_total: {
    type: 'counter',
    help: 'Periods of the CPU scheduler in which the container ran',
    labels: ['id', 'image', 'name'],
  },
  container_cpu_cfs_throttled_periods_total: {
    type: 'counter',
    help: 'Those in which it used up its limit and had to wait',
    labels: ['id', 'image', 'name'],
  },
} as const satisfies Record<string, CatalogueMetric>;
