import type { CatalogueMetric } from './types.ts';

export const promtailMetrics = {
  promtail_dropped_entries_total: {
    type: 'counter',
    help: 'Entries given up after all retries, or refused for their content',
    labels: ['host', 'tenant', 'reason'],
  },
  promtail_read_lines_total: { type: 'counter', help: 'Lines read from files', labels: ['path'] },
  promtail_file_bytes_total: { type: 'gauge', help: 'Size of a file that is followed', labels: ['path'] },
  promtail_read_bytes_total: { type: 'gauge', help: 'How far a file has been read', labels: ['path'] },
  promtail_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of pushes to Loki',
    labels: ['host', 'status_code'],
  },
  promtail_custom_unparsed_lines_total: {
    type: 'counter',
    help: 'Lines that were not JSON, counted by our own pipeline',
    labels: ['filename', 'log_format', 'stream'],
  },
} as const satisfies Record<string, CatalogueMetric>;
