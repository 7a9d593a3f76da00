import { databaseSeconds } from './buckets.ts';
import type { MetricLabel } from './labels.ts';
import { type EmitterName, emitterNames } from './pipeline.ts';
import type { MetricDefinition } from './types.ts';

/** What every process emits about itself. The `process_` and `nodejs_` ones mean what prom-client's defaults do. */
export const runtimeMetrics = {
  process_cpu_seconds_total: {
    type: 'counter',
    unit: 'seconds',
    help: 'User and system CPU time spent',
    labels: [],
    services: emitterNames,
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Resident memory',
    labels: [],
    services: emitterNames,
  },
  process_start_time_seconds: {
    type: 'gauge',
    unit: 'timestamp_seconds',
    help: 'Start time since the Unix epoch',
    labels: [],
    services: emitterNames,
  },
  nodejs_eventloop_lag_p99_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: '99th percentile of the event loop delay since the last scrape',
    labels: [],
    services: emitterNames,
  },
  nodejs_heap_size_used_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'V8 heap in use',
    labels: [],
    services: emitterNames,
  },
  service_build_info: {
    type: 'gauge',
    unit: 'info',
    help: 'Always 1; the version is a label',
    labels: ['version'],
    services: emitterNames,
  },
  health_check_status: {
    type: 'gauge',
    unit: 'boolean',
    help: '1 when the check passes, 0 when it fails',
    labels: ['check'],
    services: emitterNames,
  },
  log_lines_total: {
    type: 'counter',
    unit: 'lines',
    help: 'Log lines written, by level',
    labels: ['level'],
    services: emitterNames,
  },
  db_client_operation_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Duration of database statements',
    labels: ['db_operation_name', 'outcome'],
    buckets: databaseSeconds,
    services: ['backend-api', 'recurring-task', 'notification', 'audit'],
  },
} as const satisfies Record<string, MetricDefinition<MetricLabel, EmitterName>>;
