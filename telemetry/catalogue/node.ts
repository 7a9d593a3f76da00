import type { CatalogueMetric } from './types.ts';

/** Node exporter 1.12. */
export const nodeMetrics = {
  node_cpu_seconds_total: { type: 'counter', help: 'CPU time by mode', labels: ['cpu', 'mode'] },
  node_memory_MemAvailable_bytes: { type: 'gauge', help: 'Memory available without swapping', labels: [] },
  node_memory_MemTotal_bytes: { type: 'gauge', help: 'Memory of the host', labels: [] },
} as const satisfies Record<string, CatalogueMetric>;
