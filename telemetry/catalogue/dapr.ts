import type { CatalogueMetric } from './types.ts';

/** On the sidecar's metrics port. */
export const daprMetrics = {
  dapr_http_server_request_count: {
    type: 'counter',
    help: 'HTTP requests that the sidecar served',
    labels: ['app_id', 'method', 'path', 'status'],
  },
  dapr_http_server_latency: {
    type: 'histogram',
    help: 'Duration of HTTP requests in the sidecar, in milliseconds',
    labels: ['app_id', 'method', 'path', 'status'],
  },
  dapr_component_pubsub_egress_count: {
    type: 'counter',
    help: 'Messages published to a pub/sub component',
    labels: ['app_id', 'component', 'success', 'topic'],
  },
  dapr_component_pubsub_ingress_count: {
    type: 'counter',
    help: 'Messages that came from a pub/sub component, by what the application made of them',
    labels: ['app_id', 'component', 'process_status', 'status', 'topic'],
  },
  dapr_component_state_count: {
    type: 'counter',
    help: 'Operations on a state component',
    labels: ['app_id', 'component', 'operation', 'success'],
  },
} as const satisfies Record<string, CatalogueMetric>;
