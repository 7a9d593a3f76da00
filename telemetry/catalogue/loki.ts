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
} as const satisfies Record<string, CatalogueMetric>;
