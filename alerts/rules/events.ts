import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity } from './common.ts';
import { eventProcessing } from './dashboards.ts';

const perTopic = [...identity, 'topic'] as const;

export const eventRules = alertRules([
  {
    name: 'EventPublishErrors',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, namespace, service, topic) (rate(${series('events_published_total', { outcome: 'failure' })}[5m]))
      / sum by (cluster, environment, namespace, service, topic) (rate(${series('events_published_total')}[5m]))
      > ${threshold('event_publish_error_ratio_warning')}
      and sum by (cluster, environment, namespace, service, topic) (rate(${series('events_published_total')}[5m]))
      > ${threshold('minimum_event_rate')}`,
    for: {
      duration: '1m',
      because: 'a bus or sidecar that restarts refuses a few events; beyond that the services drift apart',
    },
    by: perTopic,
    summary:
      '{{ $labels.service }} cannot publish {{ $value | humanizePercentage }} of its events to {{ $labels.topic }}',
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) fails to hand events to the topic {{ $labels.topic }}: other services do not learn of these changes.',
    runbook: 'event-publish-errors',
    dashboard: eventProcessing,
    logs: failureLogs,
  },
  {
    name: 'EventProcessingErrors',
    severity: 'warning',
    // Subscribers have little HTTP traffic: what fails in them shows here long before events are given up.
    expr: promql`
      sum by (cluster, environment, namespace, service, topic) (rate(${series('events_processed_total', { outcome: oneOf(['failure', 'retry', 'dead_letter']) })}[5m]))
      / sum by (cluster, environment, namespace, service, topic) (rate(${series('events_processed_total')}[5m]))
      > ${threshold('event_processing_error_ratio_warning')}
      and sum by (cluster, environment, namespace, service, topic) (rate(${series('events_processed_total')}[5m]))
      > ${threshold('minimum_event_rate')}`,
    for: {
      duration: '2m',
      because: 'a dependency that restarts fails a few deliveries, and their retries succeed',
    },
    by: perTopic,
    summary:
      '{{ $labels.service }} fails on {{ $value | humanizePercentage }} of the deliveries of {{ $labels.topic }}',
    description:
      '{{ $value | humanizePercentage }} of the deliveries of {{ $labels.topic }} to {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) failed in the last five minutes. They are tried again; what fails five times is given up.',
    runbook: 'event-processing-errors',
    dashboard: eventProcessing,
    logs: failureLogs,
  },
  {
    name: 'EventLagHigh',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, namespace, service, topic) (${series('event_consumer_lag')})
      > ${threshold('event_lag_warning')}`,
    for: { duration: '2m', because: 'a burst is worked off within two minutes by a healthy consumer' },
    by: perTopic,
    summary: '{{ $value }} events of {{ $labels.topic }} wait for {{ $labels.service }}',
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) works off {{ $labels.topic }} more slowly than it is filled: {{ $value }} events wait.',
    runbook: 'event-lag-high',
    dashboard: eventProcessing,
    logs: failureLogs,
  },
  {
    name: 'StalledConsumer',
    severity: 'warning',
    // A retry is no progress: a consumer that fails on the same event for ever is what this is about.
    expr: promql`
      max by (cluster, environment, namespace, service, topic) (min_over_time(${series('event_consumer_lag')}[5m])) > 0
      unless sum by (cluster, environment, namespace, service, topic) (rate(${series('events_processed_total', { outcome: oneOf(['success', 'dead_letter']) })}[5m])) > 0`,
    for: { duration: '2m', because: 'beside the five minutes without progress, room for a restart' },
    by: perTopic,
    summary: '{{ $labels.service }} has stopped working off {{ $labels.topic }}',
    description:
      'Events of {{ $labels.topic }} wait for {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}), {{ $value }} at the least in five minutes, and none was finished.',
    runbook: 'stalled-consumer',
    dashboard: eventProcessing,
    logs: failureLogs,
  },
  {
    name: 'EventLatencyHigh',
    severity: 'warning',
    expr: promql`
      histogram_quantile(0.95, sum by (cluster, environment, namespace, service, topic, le) (rate(${series('event_latency_seconds_bucket')}[5m])))
      > ${threshold('event_latency_p95_warning')}
      and sum by (cluster, environment, namespace, service, topic) (rate(${series('event_latency_seconds_count')}[5m]))
      > ${threshold('minimum_event_rate')}`,
    for: { duration: '5m', because: 'after an outage the backlog is old by nature, and soon worked off' },
    by: perTopic,
    summary:
      '{{ $labels.service }} finishes events of {{ $labels.topic }} {{ $value | humanizeDuration }} late',
    description:
      'One event in twenty of {{ $labels.topic }} takes longer than {{ $value | humanizeDuration }} from being published to being processed by {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}).',
    runbook: 'event-latency-high',
    dashboard: eventProcessing,
    logs: failureLogs,
  },
  {
    name: 'DeadLetters',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, namespace, service, topic) (${series('event_dead_letters')})
      > ${threshold('dead_letters_warning')}`,
    // No `for`: a dead letter never goes away by itself.
    keepFiringFor: {
      duration: '2m',
      because: 'the gauge is gone while the service restarts, and the dead letters are not',
    },
    by: perTopic,
    summary: '{{ $labels.service }} gave up on {{ $value }} event(s) of {{ $labels.topic }}',
    description:
      '{{ $value }} event(s) of {{ $labels.topic }} could not be processed by {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) after all retries, and wait for a person.',
    runbook: 'dead-letters',
    dashboard: eventProcessing,
    logs: failureLogs,
  },
]);
