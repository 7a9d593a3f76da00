import type { CatalogueMetric } from './types.ts';

/** Loki 3.6. */
export const lokiMetrics = {
  loki_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of HTTP and gRPC requests',
    labels: ['method', 'route', 'status_code', 'ws'],
  },
  loki_panic_total: { type: 'counter', help: 'Panics caught', labels: [] },
  loki_distributor_lines_received_total: {
    type: 'counter',
    help: 'Lines received from clients',
    labels: ['tenant', 'aggregated_metric', 'retention_hours', 'policy', 'is_internal_stream'],
  },
} as const satisfies Record<string, CatalogueMetric>;
