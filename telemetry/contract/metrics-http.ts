import { requestSeconds } from './buckets.ts';
import type { MetricLabel } from './labels.ts';
import { type EmitterName, emitterNames } from './pipeline.ts';
import type { MetricDefinition } from './types.ts';

/** What HTTP and WebSocket servers emit. */
export const httpMetrics = {
  http_server_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Duration of HTTP server requests',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: requestSeconds,
    services: emitterNames,
  },
  http_server_active_requests: {
    type: 'gauge',
    unit: 'requests',
    help: 'HTTP requests being served now',
    labels: ['http_request_method'],
    services: emitterNames,
  },
  websocket_connections: {
    type: 'gauge',
    unit: 'connections',
    help: 'Open WebSocket connections',
    labels: [],
    services: ['backend-api'],
  },
  websocket_messages_total: {
    type: 'counter',
    unit: 'messages',
    help: 'WebSocket messages by direction',
    labels: ['direction'],
    services: ['backend-api'],
  },
  websocket_deliveries_total: {
    type: 'counter',
    unit: 'messages',
    help: 'Updates pushed to WebSocket clients, by whether the socket took them',
    labels: ['outcome'],
    services: ['backend-api'],
  },
  websocket_reconnects_total: {
    type: 'counter',
    unit: 'connections',
    help: 'Clients that came back after a lost connection',
    labels: [],
    services: ['backend-api'],
  },
  websocket_disconnects_total: {
    type: 'counter',
    unit: 'connections',
    help: 'WebSocket connections that ended, by reason',
    labels: ['reason'],
    services: ['backend-api'],
  },
} as const satisfies Record<string, MetricDefinition<MetricLabel, EmitterName>>;
