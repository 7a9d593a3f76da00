import { promql, series } from '../../telemetry/query/query.ts';
import { matches } from '../../telemetry/query/series.ts';
import type { PanelSpec } from '../spec.ts';
import { inCluster, type PanelContext } from './common.ts';
import { panelKit } from './kit.ts';
import { quantileOf, rateOf, shareOf } from './queries.ts';

/** What clients ask of Loki. A tail and the streams between its parts last as long as they are open. */
const asked = {
  ...inCluster,
  route: matches('loki_api_v1_(push|query|query_range|labels|label_name_values|series)'),
} as const;
const lokiRequests = series('loki_request_duration_seconds_count', inCluster);
const compacted = series(
  'loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds',
  inCluster,
);
const pushes = series('promtail_request_duration_seconds_count', inCluster);

/** Whether logs are kept and can be read. */
export function lokiPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Loki’s requests by route',
      description:
        'Requests a second. No pushes: Promtail. Many queries: who looks, or which panel asks too often?',
      unit: 'reqps',
      asks: [
        [
          rateOf(series('loki_request_duration_seconds_count', asked), 'service', 'route'),
          '{{service}} {{route}}',
        ],
      ],
    }),
    line({
      title: 'Loki’s errors',
      description:
        'Share of requests answered with 5xx. Above the dashed line logs are not stored or cannot be read: disk, object store, or memory.',
      unit: 'percentunit',
      runbook: 'loki-request-errors',
      limits: { warning: 'loki_error_ratio_warning' },
      asks: [
        [
          shareOf(
            series('loki_request_duration_seconds_count', { ...inCluster, status_code: matches('5..') }),
            lokiRequests,
            'service',
          ),
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'Loki’s latency, p99',
      description:
        'By route, tails left out. Above the dashed line: one heavy query slows all, or the disk is slow.',
      unit: 's',
      runbook: 'loki-latency-high',
      limits: { warning: 'loki_latency_p99_warning' },
      asks: [
        [
          quantileOf(0.99, series('loki_request_duration_seconds_bucket', asked), 'service', 'route'),
          '{{service}} {{route}}',
        ],
      ],
    }),
    line({
      title: 'Lines received by Loki',
      description:
        'A second, by tenant. Compare with what Promtail reads: the difference waits or was dropped.',
      unit: 'short',
      asks: [
        [
          rateOf(series('loki_distributor_lines_received_total', inCluster), 'service', 'tenant'),
          '{{service}} {{tenant}}',
        ],
      ],
    }),
    line({
      title: 'Since the compactor last succeeded',
      description:
        'It runs every ten minutes or so. Above the dashed line queries get slower and old logs are not deleted: see Loki’s log.',
      unit: 's',
      runbook: 'loki-compactor-not-running',
      limits: { warning: 'compactor_age_warning' },
      // 0 before its first run: then it is counted from Loki's start.
      asks: [
        [
          promql`time() - (max by (service) (${compacted} > 0) or max by (service) (${series('process_start_time_seconds', { ...inCluster, service: 'loki' })}))`,
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'Panics and full disk, a minute',
      description:
        'A panic is a bug that fails its request. A write-ahead log without room loses acknowledged lines in the next crash: make room at once.',
      unit: 'short',
      runbook: 'loki-wal-disk-full',
      asks: [
        [promql`60 * ${rateOf(series('loki_panic_total', inCluster), 'service')}`, '{{service}}: panics'],
        [
          promql`60 * ${rateOf(series('loki_ingester_wal_disk_full_failures_total', inCluster), 'service')}`,
          '{{service}}: no room for the write-ahead log',
        ],
      ],
    }),
  ];
}

/** Whether logs arrive. */
export function promtailPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Lines read by Promtail',
      description:
        'A second. None while services write: it does not find their files; see its positions and its log.',
      unit: 'short',
      asks: [[rateOf(series('promtail_read_lines_total', inCluster), 'service'), '{{service}}']],
    }),
    line({
      title: 'Pushes that fail',
      description:
        'Share that Loki answered with 5xx or not at all. Above the dashed line logs arrive late, and are given up after the last retry.',
      unit: 'percentunit',
      runbook: 'promtail-request-errors',
      limits: { warning: 'promtail_error_ratio_warning' },
      asks: [
        [
          shareOf(
            series('promtail_request_duration_seconds_count', {
              ...inCluster,
              status_code: matches('5..|-1'),
            }),
            pushes,
            'service',
          ),
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'Latency of pushes, p99',
      description:
        'Above the dashed line reading falls behind when much is written: Loki is slow, or the way to it.',
      unit: 's',
      runbook: 'promtail-latency-high',
      limits: { warning: 'promtail_latency_p99_warning' },
      asks: [
        [
          quantileOf(0.99, series('promtail_request_duration_seconds_bucket', inCluster), 'service'),
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'Still to read',
      savedQuery: 'noisy-loggers',
      description:
        'Bytes of files that Promtail has not read. Rising: it is slower than the writers, or has stopped; what is rotated away before is lost.',
      unit: 'bytes',
      runbook: 'promtail-behind',
      limits: { warning: 'promtail_unread_warning' },
      asks: [
        [
          promql`sum by (service) (clamp_min(${series('promtail_file_bytes_total', inCluster)} - ${series('promtail_read_bytes_total', inCluster)}, 0))`,
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'Lines dropped',
      description:
        'Lines a second that Promtail gave up on, by reason. They are not in Loki and will not be.',
      unit: 'short',
      runbook: 'promtail-dropped-lines',
      asks: [
        [
          rateOf(series('promtail_dropped_entries_total', inCluster), 'service', 'reason'),
          '{{service}} {{reason}}',
        ],
      ],
    }),
    line({
      title: 'Lines that are not JSON, a minute',
      description:
        'Kept as text, without level and ids. Some at a component’s start; always: something writes past the logger.',
      unit: 'short',
      runbook: 'unparsed-log-lines',
      asks: [
        [
          promql`60 * ${rateOf(series('promtail_custom_unparsed_lines_total', inCluster), 'service')}`,
          '{{service}}',
        ],
      ],
    }),
  ];
}

export function grafanaPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const requests = series('grafana_http_request_duration_seconds_count', inCluster);
  return [
    line({
      title: 'Grafana’s requests',
      description: 'A second. Empty where the built-in preview takes Grafana’s place.',
      unit: 'reqps',
      width: 12,
      asks: [[rateOf(requests, 'service'), '{{service}}']],
    }),
    line({
      title: 'Grafana’s errors',
      description:
        'Share answered with 5xx. Above the dashed line people see broken panels: its database, or a data source that does not answer.',
      unit: 'percentunit',
      width: 12,
      runbook: 'grafana-request-errors',
      limits: { warning: 'grafana_error_ratio_warning' },
      asks: [
        [
          shareOf(
            series('grafana_http_request_duration_seconds_count', {
              ...inCluster,
              status_code: matches('5..'),
            }),
            requests,
            'service',
          ),
          '{{service}}',
        ],
      ],
    }),
  ];
}
