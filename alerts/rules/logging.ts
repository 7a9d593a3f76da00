import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { matches } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity, increaseOf, quantileOf, rateOf, shareOf } from './common.ts';
import { stack } from './dashboards.ts';

const about = { severity: 'warning', by: identity, dashboard: stack, logs: failureLogs } as const;
const where = '{{ $labels.service }} in {{ $labels.environment }}';

/** What clients ask of Loki. A tail and the streams between its parts last as long as they are open. */
const asked = {
  route: matches('loki_api_v1_(push|query|query_range|labels|label_name_values|series)'),
} as const;

/** Whether logs arrive, are kept, and can be read. */
export const loggingRules = alertRules([
  {
    ...about,
    name: 'LokiPanics',
    expr: promql`${increaseOf(series('loki_panic_total'), '10m')} > 0`,
    // No `for`: a request that panicked is lost.
    summary: 'Loki panicked',
    description: `${where} hit a bug about {{ printf "%.0f" $value }} times in ten minutes; the requests concerned failed.`,
    runbook: 'loki-panics',
  },
  {
    ...about,
    name: 'LokiLatencyHigh',
    expr: promql`
      ${quantileOf(0.99, series('loki_request_duration_seconds_bucket', asked), 'route')}
      > ${threshold('loki_latency_p99_warning')}
      and ${rateOf(series('loki_request_duration_seconds_count', asked), 'route')} > ${threshold('minimum_request_rate')}`,
    for: { duration: '15m', because: 'one person’s heavy query slows the others for minutes' },
    by: [...identity, 'route'],
    summary: 'Loki’s {{ $labels.route }} is slow: p99 is {{ $value | humanizeDuration }}',
    description: `One request in a hundred to {{ $labels.route }} of ${where} takes longer than {{ $value | humanizeDuration }}.`,
    runbook: 'loki-latency-high',
  },
  {
    ...about,
    name: 'LokiCompactorNotRunning',
    // Before its first run the time is 0: then it is counted from Loki's start.
    expr: promql`
      time() - (
        max by (cluster, environment, namespace, service) (${series('loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds')} > 0)
        or max by (cluster, environment, namespace, service) (${series('process_start_time_seconds', { service: 'loki' })})
      ) > ${threshold('compactor_age_warning')}`,
    for: { duration: '5m', because: 'a run that is under way may end by then' },
    summary: 'Loki’s compactor has not succeeded for {{ $value | humanizeDuration }}',
    description: `The compactor of ${where} last succeeded {{ $value | humanizeDuration }} ago: queries get slower, and logs past their retention are not deleted.`,
    runbook: 'loki-compactor-not-running',
  },
  {
    name: 'LokiWalDiskFull',
    severity: 'critical',
    earned: {
      as: 'data loss',
      because: 'acknowledged lines that are in no write-ahead log are lost with the next crash',
    },
    expr: promql`${increaseOf(series('loki_ingester_wal_disk_full_failures_total'), '5m')} > 0`,
    // No `for`: each line taken from here on is lost with the next crash.
    keepFiringFor: { duration: '5m', because: 'the counter only grows while lines come in' },
    by: identity,
    summary: 'Loki’s write-ahead log has no room: lines it acknowledges can be lost',
    description: `${where} acknowledges log lines that it cannot write to its write-ahead log, because the disk is full: a crash or restart loses them.`,
    runbook: 'loki-wal-disk-full',
    dashboard: stack,
    logs: failureLogs,
  },
  {
    ...about,
    name: 'PromtailRequestErrors',
    // 500 and above, and -1 where there was no answer at all.
    expr: promql`
      ${shareOf(series('promtail_request_duration_seconds_count', { status_code: matches('5..|-1') }), series('promtail_request_duration_seconds_count'))}
      > ${threshold('promtail_error_ratio_warning')}`,
    for: { duration: '10m', because: 'Promtail waits and tries again: nothing is lost within minutes' },
    summary: '{{ $value | humanizePercentage }} of Promtail’s pushes fail',
    description: `${where} cannot hand {{ $value | humanizePercentage }} of its batches to Loki: logs arrive late, and are given up after the last retry.`,
    runbook: 'promtail-request-errors',
  },
  {
    ...about,
    name: 'PromtailLatencyHigh',
    expr: promql`
      ${quantileOf(0.99, series('promtail_request_duration_seconds_bucket'))}
      > ${threshold('promtail_latency_p99_warning')}`,
    for: { duration: '15m', because: 'Loki flushes and compacts for minutes at a time' },
    summary: 'Pushing logs takes {{ $value | humanizeDuration }}',
    description: `One push in a hundred of ${where} takes longer than {{ $value | humanizeDuration }}: when much is written, reading falls behind.`,
    runbook: 'promtail-latency-high',
  },
  {
    ...about,
    name: 'PromtailBehind',
    expr: promql`
      sum by (cluster, environment, namespace, service) (clamp_min(${series('promtail_file_bytes_total')} - ${series('promtail_read_bytes_total')}, 0))
      > ${threshold('promtail_unread_warning')}`,
    for: { duration: '10m', because: 'a burst is read within minutes' },
    summary: 'Promtail has {{ $value | humanize1024 }}B of logs still to read',
    description: `${where} reads files more slowly than they grow, or has stopped reading: what is rotated away before it gets there is lost.`,
    runbook: 'promtail-behind',
  },
]);
