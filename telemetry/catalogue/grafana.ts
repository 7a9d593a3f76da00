import type { CatalogueMetric } from './types.ts';

/** For Grafana 13.2; read, not run: pkg/middleware/request_metrics.go of its repository at commit 001f3709. */
export const grafanaMetrics = {
  grafana_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of HTTP requests',
    labels: ['handler', 'method', 'status_code'],
  },
} as const satisfies Record<string, CatalogueMetric>;
