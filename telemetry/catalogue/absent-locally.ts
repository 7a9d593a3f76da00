import { type ComponentName, catalogueComponents } from './components.ts';
import type { catalogue } from './index.ts';
import type { CatalogueMetric } from './types.ts';

/** Components that the local stack does not run or scrape, and what would bring them. */
export const absentComponents = {
  'blackbox-exporter': 'Kubernetes',
  'kube-state-metrics': 'Kubernetes',
  kubelet: 'Kubernetes',
  dapr: 'Dapr',
  kafka: 'Kafka',
  grafana: 'Grafana; the preview takes its place',
} as const satisfies Partial<Record<ComponentName, string>>;

/** Metrics that components of the local stack do not have there. */
export const absentMetrics = {
  alertmanager_cluster_members: 'several Alertmanagers',
} as const satisfies Partial<Record<keyof typeof catalogue, string>>;

const seriesOf = (name: string, { type }: CatalogueMetric): readonly string[] =>
  type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];

/** Every series of the catalogue that the local stack lacks, with the reason. */
export function seriesAbsentLocally(): ReadonlyMap<string, string> {
  const absent = new Map<string, string>(Object.entries(absentMetrics));
  for (const [component, reason] of Object.entries(absentComponents)) {
    const metrics: Readonly<Record<string, CatalogueMetric>> =
      catalogueComponents[component as keyof typeof absentComponents].metrics;
    for (const [name, metric] of Object.entries(metrics))
      for (const series of seriesOf(name, metric)) absent.set(series, reason);
  }
  return absent;
}
