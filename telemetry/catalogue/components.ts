import { alertmanagerMetrics } from './alertmanager.ts';
import { blackboxMetrics } from './blackbox.ts';
import { daprMetrics } from './dapr.ts';
import { grafanaMetrics } from './grafana.ts';
import { kafkaMetrics } from './kafka.ts';
import { kubeletMetrics, kubeStateMetrics } from './kubernetes.ts';
import { lokiMetrics } from './loki.ts';
import { nodeMetrics } from './node.ts';
import { prometheusMetrics } from './prometheus.ts';
import { promtailMetrics } from './promtail.ts';
import type { CatalogueComponent } from './types.ts';

/** The third-party components, each with its metrics and what says that they are right. */
export const catalogueComponents = {
  prometheus: { title: 'Prometheus', pinnedAs: 'prometheus', metrics: prometheusMetrics },
  alertmanager: { title: 'Alertmanager', pinnedAs: 'alertmanager', metrics: alertmanagerMetrics },
  loki: { title: 'Loki', pinnedAs: 'loki', metrics: lokiMetrics },
  promtail: { title: 'Promtail', pinnedAs: 'loki', metrics: promtailMetrics },
  'node-exporter': { title: 'Node exporter', pinnedAs: 'node_exporter', metrics: nodeMetrics },
  'blackbox-exporter': {
    title: 'Blackbox exporter',
    pinnedAs: 'blackbox_exporter',
    metrics: blackboxMetrics,
  },
  'kube-state-metrics': {
    title: 'kube-state-metrics',
    pinnedAs: 'kube_state_metrics',
    metrics: kubeStateMetrics,
  },
  dapr: { title: 'Dapr sidecar', pinnedAs: 'dapr', metrics: daprMetrics },
  // Needs a container runtime and rights over the host's control groups.
  kubelet: {
    title: 'Kubelet and its cAdvisor',
    pinnedAs: 'kubernetes',
    metrics: kubeletMetrics,
    source: {
      version: '1.36.3',
      files: [
        'github.com/kubernetes/kubernetes pkg/kubelet/metrics/collectors/volume_stats.go at v1.36.3',
        'github.com/kubernetes/kubernetes pkg/kubelet/server/server.go at v1.36.3 (labels of a container)',
        'github.com/google/cadvisor metrics/prometheus.go at v0.56.2, which Kubernetes v1.36.3 uses',
      ],
    },
  },
  // Its releases can be downloaded, but not built: see the toolchain.
  grafana: {
    title: 'Grafana',
    pinnedAs: 'grafana',
    metrics: grafanaMetrics,
    source: {
      version: '13.2.3',
      files: ['github.com/grafana/grafana pkg/middleware/request_metrics.go at 001f3709'],
    },
  },
  // Read from the brokers by our own exporter, in the names of the well-known one.
  kafka: { title: 'Kafka, by its exporter', pinnedAs: 'kafka', metrics: kafkaMetrics },
} as const satisfies Record<string, CatalogueComponent>;

export type ComponentName = keyof typeof catalogueComponents;
