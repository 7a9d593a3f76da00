import type { kafkaMetrics } from '../../telemetry/catalogue/kafka.ts';
import { type KafkaState, keyOf } from './read-kafka.ts';

type KafkaMetricName = keyof typeof kafkaMetrics;

export interface KafkaSample {
  readonly name: KafkaMetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The samples of one look, at most `limit` beside those of the cluster. A whole topic or a whole group is left out
 * where there is no more room, the later in the alphabet, so that sums over one are never half of it.
 * @param state undefined when no broker answered: then there are none, and nothing else is known
 */
export function samplesOf(state: KafkaState | undefined, limit: number): readonly KafkaSample[] {
  const brokers = one('kafka_brokers', {}, state?.brokers ?? 0);
  if (state === undefined) return [brokers];
  const bundles = [...topicSamples(state), ...groupSamples(state)];
  const kept: KafkaSample[] = [];
  let omitted = 0;
  for (const bundle of bundles) {
    if (omitted === 0 && kept.length + bundle.length <= limit) kept.push(...bundle);
    else omitted += bundle.length;
  }
  return [brokers, one('kafka_exporter_series_omitted', {}, omitted), ...kept];
}

const one = (
  name: KafkaMetricName,
  labels: Readonly<Record<string, string>>,
  value: number,
): KafkaSample => ({ name, labels, value });

function topicSamples({ partitions }: KafkaState): readonly KafkaSample[][] {
  return bundled(partitions, ({ topic }) => topic).map((ofTopic) =>
    ofTopic.flatMap(({ topic, partition, end, isUnderReplicated }) => {
      const labels = { topic, partition: String(partition) };
      return [
        one('kafka_topic_partition_under_replicated_partition', labels, isUnderReplicated ? 1 : 0),
        ...(end === undefined ? [] : [one('kafka_topic_partition_current_offset', labels, Number(end))]),
      ];
    }),
  );
}

function groupSamples({ partitions, commits }: KafkaState): readonly KafkaSample[][] {
  const ends = new Map(partitions.map(({ topic, partition, end }) => [keyOf(topic, partition), end]));
  return bundled(commits, ({ group }) => group).map((ofGroup) =>
    ofGroup.flatMap(({ group, topic, partition, offset }) => {
      const labels = { consumergroup: group, topic, partition: String(partition) };
      const end = ends.get(keyOf(topic, partition));
      return [
        one('kafka_consumergroup_current_offset', labels, Number(offset)),
        // A topic that was made anew under its old name ends before what was committed of the old one.
        ...(end === undefined
          ? []
          : [one('kafka_consumergroup_lag', labels, Math.max(0, Number(end - offset)))]),
      ];
    }),
  );
}

/** What belongs together, in alphabetical order. */
const bundled = <T>(all: readonly T[], nameOf: (one: T) => string): readonly T[][] =>
  [...Map.groupBy(all, nameOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bundle]) => bundle);
