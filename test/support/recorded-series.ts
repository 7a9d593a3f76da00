/**
 * Series of what the local stack does not run, as promtool reads them: one broken pod, a topic that nobody reads, a
 * sidecar and a Grafana that fail now and then. So there is something to draw in every panel about them.
 */
const where =
  'cluster="kind", environment="dev", namespace="tasks", job="recorded", instance="10.0.0.1:9100"';
const pod = `${where}, service="kube-state-metrics", pod="sync-5d", container="sync", uid="u1"`;
const object = `${where}, service="kube-state-metrics"`;
const claim = `${where}, service="kubelet", persistentvolumeclaim="audit-data"`;
const cgroup = `${where}, service="kubelet", pod="sync-5d", container="sync", id="/a", image="sync:1", name="sync"`;
const sidecar = `${where}, service="sync", app_id="sync"`;
const pubsub = `${sidecar}, component="pubsub", topic="task-events"`;
const group = `${where}, service="kafka-exporter", consumergroup="sync", topic="task-events", partition="0"`;
const grafana = `${where}, service="grafana", handler="/api/ds/query", method="POST"`;

const steady = (value: number): string => `${value}x80`;
const growing = (step: number): string => `0+${step}x80`;

const samples: readonly (readonly [series: string, values: string])[] = [
  [`kube_pod_container_status_waiting_reason{${pod}, reason="CrashLoopBackOff"}`, steady(1)],
  [`kube_pod_container_status_restarts_total{${pod}}`, growing(1)],
  [`kube_pod_container_status_last_terminated_reason{${pod}, reason="OOMKilled"}`, steady(1)],
  [`kube_pod_status_ready{${pod}, condition="false"}`, steady(1)],
  [`kube_pod_status_phase{${pod}, phase="Running"}`, steady(1)],
  [`kube_deployment_spec_replicas{${object}, deployment="sync"}`, steady(3)],
  [`kube_deployment_status_replicas_available{${object}, deployment="sync"}`, steady(2)],
  [`kube_statefulset_replicas{${object}, statefulset="loki"}`, steady(3)],
  [`kube_statefulset_status_replicas_ready{${object}, statefulset="loki"}`, steady(2)],
  [`kube_daemonset_status_number_unavailable{${object}, daemonset="promtail"}`, steady(1)],
  [`kube_job_failed{${object}, job_name="migrate", condition="true"}`, steady(1)],
  [`kube_node_status_condition{${object}, node="node-1", condition="Ready", status="true"}`, steady(0)],
  [
    `kube_node_status_condition{${object}, node="node-1", condition="DiskPressure", status="true"}`,
    steady(1),
  ],
  [`kubelet_volume_stats_available_bytes{${claim}}`, steady(1e8)],
  [`kubelet_volume_stats_capacity_bytes{${claim}}`, steady(1e9)],
  [`kubelet_volume_stats_inodes{${claim}}`, steady(1e6)],
  [`kubelet_volume_stats_inodes_free{${claim}}`, steady(9e5)],
  [`container_cpu_cfs_periods_total{${cgroup}}`, growing(150)],
  [`container_cpu_cfs_throttled_periods_total{${cgroup}}`, growing(50)],
  ...['200', '500'].flatMap((status): readonly (readonly [string, string])[] => [
    [
      `dapr_http_server_request_count{${sidecar}, method="POST", path="/v1.0/publish", status="${status}"}`,
      growing(5),
    ],
    [
      `dapr_http_server_latency_bucket{${sidecar}, method="POST", path="/v1.0/publish", status="${status}", le="10.0"}`,
      growing(4),
    ],
    [
      `dapr_http_server_latency_bucket{${sidecar}, method="POST", path="/v1.0/publish", status="${status}", le="+Inf"}`,
      growing(5),
    ],
    [`grafana_http_request_duration_seconds_count{${grafana}, status_code="${status}"}`, growing(3)],
  ]),
  ...['true', 'false'].flatMap((success): readonly (readonly [string, string])[] => [
    [`dapr_component_pubsub_egress_count{${pubsub}, success="${success}"}`, growing(2)],
    [
      `dapr_component_state_count{${sidecar}, component="state", operation="get", success="${success}"}`,
      growing(2),
    ],
  ]),
  ...['success', 'drop'].map((status): readonly [string, string] => [
    `dapr_component_pubsub_ingress_count{${pubsub}, status="200", process_status="${status}"}`,
    growing(2),
  ]),
  [`kafka_consumergroup_lag{${group}}`, growing(10)],
  [`kafka_consumergroup_current_offset{${group}}`, growing(30)],
  [
    `kafka_topic_partition_under_replicated_partition{${where}, topic="task-events", partition="0"}`,
    steady(1),
  ],
  [`kafka_brokers{${where}, service="kafka-exporter"}`, steady(3)],
  [`alertmanager_cluster_members{${where}, service="alertmanager"}`, steady(3)],
];

export const recordedSeries = samples.map(([series, values]) => ({ series, values }));
