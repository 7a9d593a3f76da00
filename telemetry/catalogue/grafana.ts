import type { CatalogueMetric } from './types.ts';

export const grafanaMetrics = {
  grafana_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of HTTP requests',
    labels: ['handler', 'method', 'status_code'],
  },
} as const satisfies Record<string, CatalogueMetric>;
