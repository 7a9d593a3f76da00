import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { alertRules } from '../rule.ts';
import { kafka, kafkaGroup, kafkaTopic } from './dashboards.ts';

const perGroup = ['cluster', 'environment', 'consumergroup', 'topic'] as const;
const reading = '{{ $labels.consumergroup }} ({{ $labels.environment }})';

/** Kafka as its exporter sees it. `service` would be the exporter, so no rule keeps it. */
export const kafkaRules = alertRules([
  {
    name: 'KafkaConsumerLag',
    severity: 'warning',
    expr: promql`
      sum by (cluster, environment, consumergroup, topic) (${series('kafka_consumergroup_lag')})
      > ${threshold('kafka_lag_warning')}`,
    for: { duration: '5m', because: 'a burst or a rebalance is worked off within minutes' },
    by: perGroup,
    summary: '{{ $value }} messages of {{ $labels.topic }} wait for {{ $labels.consumergroup }}',
    description: `The consumer group ${reading} reads {{ $labels.topic }} more slowly than it is written.`,
    runbook: 'kafka-consumer-lag',
    dashboard: kafkaGroup,
  },
  {
    name: 'KafkaConsumerStuck',
    severity: 'warning',
    // The offset of a group that was reset goes back, which is a change too.
    expr: promql`
      sum by (cluster, environment, consumergroup, topic) (changes(${series('kafka_consumergroup_current_offset')}[10m])) == 0
      and sum by (cluster, environment, consumergroup, topic) (min_over_time(${series('kafka_consumergroup_lag')}[10m])) > 0`,
    for: { duration: '5m', because: 'beside the ten minutes without progress, room for a rebalance' },
    by: perGroup,
    summary: '{{ $labels.consumergroup }} has stopped reading {{ $labels.topic }}',
    description: `Messages of {{ $labels.topic }} wait, and the consumer group ${reading} has committed nothing for ten minutes.`,
    runbook: 'kafka-consumer-stuck',
    dashboard: kafkaGroup,
  },
  {
    name: 'KafkaUnderReplicated',
    severity: 'warning',
    expr: promql`sum by (cluster, environment, topic) (${series('kafka_topic_partition_under_replicated_partition')}) > 0`,
    for: { duration: '5m', because: 'a broker that restarts catches up by then' },
    by: ['cluster', 'environment', 'topic'],
    summary: '{{ $value }} partitions of {{ $labels.topic }} lack replicas',
    description:
      '{{ $value }} partitions of {{ $labels.topic }} ({{ $labels.environment }}) have fewer replicas in sync than they should: when one more broker fails they refuse writes, or messages are lost.',
    runbook: 'kafka-under-replicated',
    dashboard: kafkaTopic,
  },
  {
    name: 'KafkaBrokersMissing',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment) (${series('kafka_brokers')})
      < max by (cluster, environment) (max_over_time(${series('kafka_brokers')}[1h]))`,
    for: { duration: '5m', because: 'a rolling restart takes one broker away for a minute or two' },
    by: ['cluster', 'environment'],
    summary: 'Kafka is down to {{ $value }} brokers',
    description:
      'Kafka in {{ $labels.environment }} ({{ $labels.cluster }}) has fewer brokers than within the last hour.',
    runbook: 'kafka-brokers-missing',
    dashboard: kafka,
  },
]);
