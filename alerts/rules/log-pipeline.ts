import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity, increaseOf, rateOf } from './common.ts';
import { logPipeline } from './dashboards.ts';

const about = { by: identity, dashboard: logPipeline, logs: failureLogs } as const;
const where = '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }})';

const filling = {
  ...about,
  name: 'LogQueueFilling',
  runbook: 'log-queue-filling',
  summary: 'The queue of the log pipeline is full in {{ $value | humanizeDuration }}',
  description: `If it grows as it did in the last ten minutes, the queue of ${where} or its disk is full in {{ $value | humanizeDuration }}: from then on no entry is taken.`,
} as const;
const untilFull = promql`min by (cluster, environment, namespace, service) (${series('log_queue_until_full_seconds')})`;

/** The gateway, the queue and the ingestor: whether what was acknowledged gets to Loki, and what is not taken. */
export const pipelineRules = alertRules([
  {
    ...about,
    name: 'LogQueueAgeing',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, namespace, service) (${series('log_queue_oldest_age_seconds')})
      > ${threshold('log_queue_age_warning')}`,
    for: { duration: '2m', because: 'a restart of Loki or of the ingestor is made up for by then' },
    summary: 'Log entries wait for {{ $value | humanizeDuration }} in the queue',
    description: `${where} does not bring entries to Loki as fast as they come: the oldest has waited for {{ $value | humanizeDuration }}. They are safe, and cannot be found yet.`,
    runbook: 'log-queue-ageing',
  },
  {
    ...filling,
    severity: 'critical',
    earned: {
      as: 'imminent exhaustion',
      because: 'when the queue is full, every sender is refused, and what they do not keep is lost',
    },
    expr: promql`${untilFull} < ${threshold('log_queue_until_full_critical')}`,
    for: { duration: '2m', because: 'a burst that ends within two minutes does not fill it' },
  },
  {
    ...filling,
    severity: 'warning',
    expr: promql`${untilFull} < ${threshold('log_queue_until_full_warning')}`,
    for: { duration: '10m', because: 'what grows for ten minutes is more than a restart of Loki' },
  },
  {
    ...about,
    name: 'LogIngestorStuck',
    severity: 'warning',
    // Of the least in five minutes: a queue that is filled and emptied again and again is well.
    expr: promql`
      max by (cluster, environment, namespace, service) (min_over_time(${series('log_queue_entries')}[5m])) > 0
      unless ${rateOf(series('log_events_processed_total'))} > 0`,
    for: { duration: '2m', because: 'beside the five minutes without progress, room for a restart' },
    summary: 'Log entries wait, and none gets to Loki',
    description: `{{ $value }} log entries at the least have waited for five minutes, and ${where} has stored none.`,
    runbook: 'log-ingestor-stuck',
  },
  {
    ...about,
    name: 'LogPushesPaused',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, namespace, service) (${series('log_push_paused_organizations')}) > 0`,
    for: { duration: '2m', because: 'a Loki that restarts takes entries again by then' },
    summary: 'Loki takes nothing of {{ $value }} organization(s): their log entries wait',
    description: `The circuit breaker of ${where} has been open for two minutes for {{ $value }} organization(s): Loki is away, or refuses all that is theirs. Their entries wait in the queue.`,
    runbook: 'log-pushes-paused',
  },
  {
    ...about,
    name: 'LogEntriesRefused',
    severity: 'warning',
    expr: promql`
      ${increaseOf(series('log_events_errors_total', { refusal: oneOf(['queue_full', 'queue_failed']) }), '5m')}
      > ${threshold('log_refused_entries_warning')}`,
    summary: 'The log pipeline has no room: {{ printf "%.0f" $value }} entries were refused',
    description: `Within five minutes ${where} refused {{ printf "%.0f" $value }} log entries with 429 or 503, for its queue is full or cannot be written. Nothing that was acknowledged is lost; what senders do not try again is.`,
    runbook: 'log-entries-refused',
  },
  {
    ...about,
    name: 'LogDeadLetters',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, namespace, service) (${series('log_dead_letters')})
      > ${threshold('log_dead_letters_warning')}`,
    // No `for`: a dead letter never goes away by itself.
    keepFiringFor: {
      duration: '2m',
      because: 'the gauge is gone while the ingestor restarts, and the dead letters are not',
    },
    summary: 'Loki refused {{ $value }} log entries for what is in them',
    description: `{{ $value }} log entries that were acknowledged are among the dead letters of ${where}: Loki will not store them as they are, and nobody finds them.`,
    runbook: 'log-dead-letters',
  },
  {
    ...about,
    name: 'LogBatchesDamaged',
    severity: 'critical',
    earned: {
      as: 'data loss',
      because: 'a batch that was acknowledged can no longer be read, and others may be on the same disk',
    },
    expr: promql`${increaseOf(series('log_queue_damaged_batches_total'), '1h')} > 0`,
    summary: 'Acknowledged log entries are damaged in the queue',
    description: `Within an hour ${where} kept aside batches of the queue whose bytes are not those that were acknowledged. They are named in its log, and are not in Loki.`,
    runbook: 'log-batches-damaged',
  },
  {
    ...about,
    name: 'LogProgressDamaged',
    severity: 'warning',
    expr: promql`${increaseOf(series('log_queue_progress_damages_total'), '1h')} > 0`,
    summary: 'What the log ingestor noted as stored is damaged',
    description: `Within an hour ${where} found that its note of how far it is in the queue is not what it wrote. It reads again what the queue still has, and nothing is lost; the disk may damage more.`,
    runbook: 'log-progress-damaged',
  },
  {
    ...about,
    name: 'LogStreamsOverflow',
    severity: 'info',
    by: [...identity, 'emitter'],
    expr: promql`${increaseOf(series('log_stream_overflows_total'), '30m', 'emitter')} > 0`,
    summary: '{{ $labels.emitter }} sends logs with too many values in their tags',
    description: `Within half an hour ${where} kept the tags of {{ printf "%.0f" $value }} log entries of {{ $labels.emitter }} off their labels: with them it would have more streams than a service may. They are found by their tags all the same, more slowly.`,
    runbook: 'log-streams-overflow',
  },
  {
    ...about,
    name: 'LogServicesOverflow',
    severity: 'info',
    by: [...identity, 'organization'],
    expr: promql`${increaseOf(series('log_service_overflows_total'), '30m', 'organization')} > 0`,
    summary: '{{ $labels.organization }} sends logs of too many services',
    description: `Within half an hour ${where} kept the service of {{ printf "%.0f" $value }} log entries of {{ $labels.organization }} off their labels: it has more services than an organization may. They are found by their service all the same, more slowly.`,
    runbook: 'log-services-overflow',
  },
]);
