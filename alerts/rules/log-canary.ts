import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { allLogs, identity, increaseOf } from './common.ts';
import { logPipeline } from './dashboards.ts';

const waiting = series('log_canary_waiting_lines');
const about = { by: identity, dashboard: logPipeline, logs: allLogs } as const;

/** What the canary sees of the log pipeline, from outside of it. */
export const canaryRules = alertRules([
  {
    ...about,
    name: 'LogCanaryMissing',
    severity: 'critical',
    earned: {
      as: 'data loss',
      because:
        'a line was acknowledged, later ones were found, and it was not: others’ lines are lost the same way',
    },
    expr: promql`${increaseOf(series('log_canary_lines_total', { canary_verdict: 'missing' }), '30m')} > 0`,
    summary: 'The log pipeline lost lines that it had acknowledged',
    description:
      'Within half an hour lines of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) were acknowledged and not found, though lines that were sent a minute after them were.',
    runbook: 'log-canary-missing',
  },
  {
    ...about,
    name: 'LogCanaryLate',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, namespace, service) (${series('log_canary_oldest_waiting_seconds')})
      > ${threshold('log_canary_wait_warning')}`,
    for: { duration: '2m', because: 'what waited for a restart of Loki has come by then' },
    summary: 'Log lines cannot be found {{ $value | humanizeDuration }} after their 202',
    description:
      'The oldest acknowledged line of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) has not been found for {{ $value | humanizeDuration }}: it waits in the queue, or searches fail.',
    runbook: 'log-canary-late',
  },
  {
    ...about,
    name: 'LogCanaryRefused',
    severity: 'warning',
    expr: promql`
      ${increaseOf(series('log_canary_lines_total', { canary_verdict: 'acknowledged' }), '10m')} == 0`,
    for: { duration: '1m', because: 'the canary itself may just have started' },
    summary: 'The log pipeline has taken no line of its canary for ten minutes',
    description:
      'No line of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) was acknowledged within ten minutes: the gateway is away or refuses its key, or a thousand lines wait to be found.',
    runbook: 'log-canary-refused',
  },
  {
    ...about,
    name: 'LogCanaryGone',
    severity: 'warning',
    // Where there never was a canary, none is missed.
    expr: promql`
      max by (cluster, environment, namespace, service) (last_over_time(${waiting}[1d]))
      unless max by (cluster, environment, namespace, service) (${waiting})`,
    for: { duration: '2m', because: 'a restart takes less' },
    summary: 'The canary of the log pipeline is gone',
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) was there within the last day, and is not now: nobody would notice if log lines were lost.',
    runbook: 'log-canary-gone',
  },
  {
    ...about,
    name: 'LogCanaryUntidy',
    severity: 'info',
    by: [...identity, 'canary_verdict'],
    expr: promql`${increaseOf(series('log_canary_lines_total', { canary_verdict: oneOf(['duplicate', 'out_of_order']) }), '30m', 'canary_verdict')} > 0`,
    summary: 'The log pipeline stored lines of its canary as {{ $labels.canary_verdict }}',
    description:
      'Within half an hour {{ printf "%.0f" $value }} lines of {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) were found as {{ $labels.canary_verdict }}. A few duplicates after a crash are what at-least-once means; without one they are a fault.',
    runbook: 'log-canary-untidy',
  },
]);
