import { logThresholds } from './thresholds-logs.ts';
import { pipelineThresholds } from './thresholds-pipeline.ts';
import { platformThresholds } from './thresholds-platform.ts';
import { sloThresholds } from './thresholds-slo.ts';
import { stackThresholds } from './thresholds-stack.ts';
import { workThresholds } from './thresholds-work.ts';
import type { ThresholdDefinition } from './types.ts';

/** Every number that a rule compares with. Panels draw the same ones. */
export const thresholds = {
  error_ratio_warning: {
    unit: 'ratio',
    default: 0.02,
    min: 0.001,
    max: 0.5,
    description: 'Share of requests answered with 5xx',
  },
  request_latency_p95_warning: {
    unit: 'seconds',
    default: 0.5,
    min: 0.005,
    max: 10,
    description: '95th percentile of the request duration',
  },
  event_loop_lag_warning: {
    unit: 'seconds',
    default: 0.25,
    min: 0.02,
    max: 10,
    description: '99th percentile of the event loop delay',
  },
  resident_memory_warning: {
    unit: 'bytes',
    default: 512 * 1024 * 1024,
    min: 64 * 1024 * 1024,
    max: 64 * 1024 * 1024 * 1024,
    description: 'Resident memory of a service',
  },
  service_restarts_warning: {
    unit: 'restarts',
    default: 2,
    min: 1,
    max: 100,
    description: 'Restarts of one instance within ten minutes',
  },
  event_processing_error_ratio_warning: {
    unit: 'ratio',
    default: 0.1,
    min: 0.005,
    max: 0.9,
    description: 'Share of deliveries to a subscriber that fail, retries included',
  },
  event_lag_warning: {
    unit: 'events',
    default: 50,
    min: 1,
    max: 1_000_000,
    description: 'Events that wait for a subscriber',
  },
  event_latency_p95_warning: {
    unit: 'seconds',
    default: 5,
    min: 0.05,
    max: 300,
    description: '95th percentile from publishing to processed',
  },
  event_publish_error_ratio_warning: {
    unit: 'ratio',
    default: 0.05,
    min: 0.001,
    max: 0.9,
    description:
      'Share of events that could not be handed to the bus: others do not learn of these changes yet',
  },
  dead_letters_warning: {
    unit: 'events',
    default: 0,
    min: 0,
    max: 10_000,
    description: 'Dead letters that wait for a person',
  },
  auth_failure_ratio_warning: {
    unit: 'ratio',
    default: 0.5,
    min: 0.05,
    max: 1,
    description: 'Share of login attempts that fail',
  },
  websocket_delivery_failure_ratio_warning: {
    unit: 'ratio',
    default: 0.05,
    min: 0.001,
    max: 1,
    description: 'Share of pushed updates that a client’s socket did not take',
  },
  websocket_drop_rate_warning: {
    unit: 'connections',
    default: 0.2,
    min: 0.01,
    max: 1000,
    description: 'Connections lost without a close, per second',
  },
  database_error_ratio_warning: {
    unit: 'ratio',
    default: 0.02,
    min: 0.001,
    max: 1,
    description: 'Share of database statements that fail',
  },
  notification_failure_ratio_critical: {
    unit: 'ratio',
    default: 0.01,
    min: 0.001,
    max: 1,
    description: 'Share of Alertmanager’s notifications that fail: pages get lost',
  },
  loki_error_ratio_warning: {
    unit: 'ratio',
    default: 0.1,
    min: 0.01,
    max: 1,
    description: 'Share of Loki’s requests answered with 5xx',
  },
  promtail_dropped_lines_warning: {
    unit: 'lines',
    default: 0,
    min: 0,
    max: 1000,
    description: 'Lines per second that Promtail gave up on',
  },
  targets_down_ratio_warning: {
    unit: 'ratio',
    default: 0.1,
    min: 0.01,
    max: 0.9,
    description: 'Share of a component’s targets that do not answer their scrape',
  },
  minimum_request_rate: {
    unit: 'requests',
    default: 0.1,
    min: 0.001,
    max: 1000,
    description: 'Requests per second below which a ratio of requests says nothing',
  },
  minimum_event_rate: {
    unit: 'events',
    default: 0.02,
    min: 0.001,
    max: 1000,
    description: 'Events per second below which a ratio of events says nothing',
  },
  minimum_login_rate: {
    unit: 'attempts',
    default: 0.02,
    min: 0.001,
    max: 1000,
    description: 'Login attempts per second below which a ratio of them says nothing',
  },
  ...logThresholds,
  ...workThresholds,
  ...platformThresholds,
  ...pipelineThresholds,
  ...stackThresholds,
  ...sloThresholds,
} as const satisfies Record<string, ThresholdDefinition>;

export type ThresholdName = keyof typeof thresholds;
