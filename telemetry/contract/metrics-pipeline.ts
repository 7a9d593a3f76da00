import { databaseSeconds, eventSeconds, requestSeconds } from './buckets.ts';
import type { MetricLabel } from './labels.ts';
import type { PipelineServiceName } from './pipeline.ts';
import type { MetricDefinition } from './types.ts';

/** What the log pipeline emits: the gateway about what it took, the ingestor about what it brought to Loki. */
export const pipelineMetrics = {
  log_events_received_total: {
    type: 'counter',
    unit: 'events',
    help: 'Log entries that came in over HTTP, valid or not',
    labels: ['intake'],
    services: ['log-gateway'],
  },
  log_events_processed_total: {
    type: 'counter',
    unit: 'events',
    help: 'Log entries done with: by the gateway when the queue has them durably, by the ingestor when Loki has',
    labels: [],
    services: ['log-gateway', 'log-ingestor'],
  },
  log_events_errors_total: {
    type: 'counter',
    unit: 'events',
    help: 'Log entries that were not taken, by why',
    labels: ['refusal'],
    services: ['log-gateway'],
  },
  log_event_processing_time_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from the whole body of a request to its entries being durable',
    labels: [],
    buckets: databaseSeconds,
    services: ['log-gateway'],
  },
  log_search_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Duration of searches of logs, their caching included',
    labels: ['outcome'],
    buckets: requestSeconds,
    services: ['log-gateway'],
  },
  log_search_cache_requests_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Questions to the cache of searches; the share of hits is its hit rate',
    labels: ['cache_result'],
    services: ['log-gateway'],
  },
  log_gateway_keys_refused_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Requests refused for their API key or token',
    labels: ['key_refusal'],
    services: ['log-gateway'],
  },
  log_queue_age_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from admission of a log entry to its being in Loki',
    labels: [],
    buckets: eventSeconds,
    services: ['log-ingestor'],
  },
} as const satisfies Record<string, MetricDefinition<MetricLabel, PipelineServiceName>>;
