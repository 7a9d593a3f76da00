import { constant, observed, proofOf, type Scenario } from './scenario.ts';

const topic = 'task-events';
const consumergroup = 'audit';
const lag = (partition: string, values: string) =>
  observed('kafka_consumergroup_lag', { consumergroup, topic, partition }, values);
const offset = (partition: string, values: string) =>
  observed('kafka_consumergroup_current_offset', { consumergroup, topic, partition }, values);
const short = (partition: string, value: number) =>
  observed('kafka_topic_partition_under_replicated_partition', { topic, partition }, constant(value));
const brokers = (values: string) => observed('kafka_brokers', {}, values);

export const kafkaScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'KafkaConsumerLag',
    about: { consumergroup, topic },
    above: [
      'two partitions together are above the threshold',
      [lag('0', constant(700)), lag('1', constant(700))],
    ],
    early: '4m',
    quiet: [['exactly the threshold waits', [lag('0', constant(600)), lag('1', constant(400))]]],
  }),
  ...proofOf({
    family: 'KafkaConsumerStuck',
    about: { consumergroup, topic },
    above: ['messages wait and no offset moves', [lag('0', constant(5)), offset('0', constant(900))]],
    early: '4m',
    quiet: [
      ['a backlog is worked off', [lag('0', constant(500)), offset('0', '900+20x240')]],
      [
        'another partition gets on',
        [lag('0', constant(5)), offset('0', constant(900)), offset('1', '0+1x240')],
      ],
      ['nothing waits', [lag('0', constant(0)), offset('0', constant(900))]],
    ],
  }),
  ...proofOf({
    family: 'KafkaUnderReplicated',
    about: { topic },
    above: ['one partition of two lacks a replica', [short('0', 1), short('1', 0)]],
    early: '4m',
    quiet: [['none does', [short('0', 0), short('1', 0)]]],
  }),
  ...proofOf({
    family: 'KafkaBrokersMissing',
    about: {},
    above: ['one of three is gone', [brokers('3x20 2x220')]],
    early: '9m',
    quiet: [
      ['the cluster has always had two', [brokers(constant(2))]],
      ['a third is added', [brokers('2x20 3x220')]],
    ],
  }),
];
