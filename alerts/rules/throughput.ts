import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity, rateOf } from './common.ts';
import { eventProcessing } from './dashboards.ts';

const finished = series('events_processed_total', { outcome: 'success' });

/** How fast subscribers get on. */
export const throughputRules = alertRules([
  {
    name: 'EventProcessingRateDropped',
    severity: 'warning',
    // Fewer events with none waiting is a quiet hour, not a slow subscriber.
    expr: promql`
      ${rateOf(finished, 'topic')}
      / sum by (cluster, environment, namespace, service, topic) (rate(${finished}[1h] offset 10m))
      < ${threshold('event_rate_drop_warning')}
      and sum by (cluster, environment, namespace, service, topic) (rate(${finished}[1h] offset 10m))
      > ${threshold('minimum_event_rate')}
      and max by (cluster, environment, namespace, service, topic) (min_over_time(${series('event_consumer_lag')}[5m])) > 0`,
    for: { duration: '5m', because: 'beside the five minutes of the rate, room for a deployment' },
    by: [...identity, 'topic'],
    summary:
      '{{ $labels.service }} processes {{ $labels.topic }} at {{ $value | humanizePercentage }} of its usual rate',
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) finishes {{ $value | humanizePercentage }} of the events of {{ $labels.topic }} that it finished in the hour before, while events wait.',
    runbook: 'event-processing-rate-dropped',
    dashboard: eventProcessing,
    logs: failureLogs,
  },
]);
