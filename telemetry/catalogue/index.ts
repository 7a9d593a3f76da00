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
import type { CatalogueMetric } from './types.ts';

/** What third-party components expose, as far as a rule, a panel or a runbook uses it; by component in `components.ts`. */
export const catalogue = {
  ...prometheusMetrics,
  ...alertmanagerMetrics,
  ...lokiMetrics,
  ...promtailMetrics,
  ...grafanaMetrics,
  ...nodeMetrics,
  ...blackboxMetrics,
  ...daprMetrics,
  ...kafkaMetrics,
  ...kubeStateMetrics,
  ...kubeletMetrics,
} as const satisfies Record<string, CatalogueMetric>;
