import type { CatalogueMetric } from './types.ts';

export const kafkaMetrics = {
  kafka_consumergroup_lag: {
    type: 'gauge',
    help: 'Messages between a group’s committed offset and the end of the partition',
    labels: ['consumergroup', 'topic', 'partition'],
  },
  kafka_consumergroup_current_offset: {
    type: 'gauge',
    help: 'Offset that a group committed last',
    labels: ['consumergroup', 'topic', 'partition'],
  },
  kafka_topic_partition_under_replicated_partition: {
    type: 'gauge',
    help: '1 when a partition has fewer replicas in sync than it should',
    labels: ['topic', 'partition'],
  },
  kafka_topic_partition_current_offset: {
    type: 'gauge',
    help: 'Offset of the next message of a partition',
    labels: ['topic', 'partition'],
  },
  kafka_brokers: { type: 'gauge', help: 'Brokers in the cluster; 0 when none answers', labels: [] },
  kafka_exporter_series_omitted: {
    type: 'gauge',
    help: 'Series that the exporter had no room for',
    labels: [],
  },
} as const satisfies Record<string, CatalogueMetric>;
