import type { CatalogueMetric } from './types.ts';

export const lokiMetrics = {
  loki_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of HTTP and gRPC requests',
    labels: ['method', 'route', 'status_code', 'ws'],
  },
  loki_panic_total: { type: 'counter', help: 'Panics caught', labels: [] },
  loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds: {
    type: 'gauge',
    help: 'When the compactor last succeeded; 0 before its first run. The name is older than the TSDB index',
    labels: [],
  },
  loki_ingester_wal_disk_full_failures_total: {
    type: 'counter',
    help: 'Writes to the write-ahead log that found the disk full, and were acknowledged all the same',
    labels: [],
  },
  loki_distributor_lines_received_total: {
    type: 'counter',
    help: 'Lines received from clients',
    labels: ['tenant', 'policy', 'is_internal_stream', 'format'],
  },
  loki_prometheus_rule_evaluations_total: {
    type: 'counter',
    help: 'Rule evaluations of the ruler, those that failed included',
    labels: ['rule_group', 'user'],
  },
  loki_prometheus_rule_evaluation_failures_total: {
    type: 'counter',
    help: 'Rule evaluations of the ruler that failed',
    labels: ['rule_group', 'user'],
  },
  loki_prometheus_notifications_sent_total: {
    type: 'counter',
    help: 'Alerts that the ruler sent to an Alertmanager, those that it did not take included',
    labels: ['alertmanager', 'user'],
  },
  loki_prometheus_notifications_errors_total: {
    type: 'counter',
    help: 'Alerts of the ruler whose sending to an Alertmanager failed',
    labels: ['alertmanager', 'user'],
  },
  loki_prometheus_notifications_dropped_total: {
    type: 'counter',
    help: 'Alerts of the ruler that no Alertmanager took',
    labels: ['user'],
  },
} as const satisfies Record<string, CatalogueMetric>;
