import type { CatalogueMetric } from './types.ts';

/** Grafana 13.2, from pkg/middleware/request_metrics.go in its repository. */
export const grafanaMetrics = {
  grafana_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of HTTP requests',
    labels: ['handler', 'method', 'status_code'],
  },
} as const satisfies Record<string, CatalogueMetric>;
