import { eventSeconds } from './buckets.ts';
import type { MetricLabel } from './labels.ts';
import type { ServiceName } from './services.ts';
import type { MetricDefinition } from './types.ts';

const publishers = ['backend-api', 'notification', 'sync'] as const;
const subscribers = ['backend-api', 'recurring-task', 'notification', 'sync', 'audit'] as const;

/** What publishers and subscribers of the event bus emit, whichever bus it is. */
export const eventMetrics = {
  events_published_total: {
    type: 'counter',
    unit: 'events',
    help: 'Events handed to the bus, by outcome',
    labels: ['topic', 'outcome'],
    services: publishers,
  },
  events_processed_total: {
    type: 'counter',
    unit: 'events',
    help: 'Deliveries to a subscriber, by outcome (retry: it will be delivered again)',
    labels: ['topic', 'outcome'],
    services: subscribers,
  },
  event_processing_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time a subscriber spent on a delivery',
    labels: ['topic'],
    buckets: eventSeconds,
    services: subscribers,
  },
  event_latency_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from publishing to the end of successful processing',
    labels: ['topic'],
    buckets: eventSeconds,
    services: subscribers,
  },
  event_consumer_lag: {
    type: 'gauge',
    unit: 'events',
    help: 'Events published and not yet processed by this subscriber',
    labels: ['topic'],
    services: subscribers,
  },
  event_dead_letters: {
    type: 'gauge',
    unit: 'events',
    help: 'Events this subscriber gave up on and that wait for a person',
    labels: ['topic'],
    services: subscribers,
  },
} as const satisfies Record<string, MetricDefinition<MetricLabel, ServiceName>>;
