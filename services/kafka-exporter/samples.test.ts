import { expect, test } from 'vitest';
import type { KafkaState } from './read-kafka.ts';
import { samplesOf } from './samples.ts';

const state: KafkaState = {
  brokers: 3,
  partitions: [
    { topic: 'b', partition: 0, end: 50n, isUnderReplicated: true },
    { topic: 'a', partition: 0, end: 10n, isUnderReplicated: false },
    { topic: 'a', partition: 1, end: undefined, isUnderReplicated: true },
  ],
  commits: [
    { group: 'g', topic: 'a', partition: 0, offset: 4n },
    { group: 'g', topic: 'a', partition: 1, offset: 7n },
    { group: 'g', topic: 'b', partition: 0, offset: 60n },
    { group: 'g', topic: 'deleted', partition: 0, offset: 1n },
  ],
};

const text = (limit: number, of: KafkaState | undefined = state): readonly string[] =>
  samplesOf(of, limit).map(({ name, labels, value }) => `${name}{${Object.values(labels).join()}} ${value}`);

test('lag is the end less what was committed, never below 0, and unknown without a leader or a topic', () => {
  expect(text(100).filter((line) => line.includes('lag'))).toEqual([
    'kafka_consumergroup_lag{g,a,0} 6',
    'kafka_consumergroup_lag{g,b,0} 0',
  ]);
});

test('every partition says whether it lacks replicas, and where it ends if that is known', () => {
  expect(text(100).filter((line) => line.includes('partition'))).toEqual([
    'kafka_topic_partition_under_replicated_partition{a,0} 0',
    'kafka_topic_partition_current_offset{a,0} 10',
    'kafka_topic_partition_under_replicated_partition{a,1} 1',
    'kafka_topic_partition_under_replicated_partition{b,0} 1',
    'kafka_topic_partition_current_offset{b,0} 50',
  ]);
});

test('beyond the limit whole topics and groups are left out, and counted', () => {
  const few = text(4);
  expect(few).toContain('kafka_exporter_series_omitted{} 8');
  expect(few.filter((line) => line.includes('{a,'))).toHaveLength(3);
  expect(few.some((line) => line.includes('{b,') || line.includes('{g,'))).toBe(false);
  expect(text(100)).toContain('kafka_exporter_series_omitted{} 0');
});

test('when no broker answers there are none', () => {
  expect(samplesOf(undefined, 100)).toEqual([{ name: 'kafka_brokers', labels: {}, value: 0 }]);
});
