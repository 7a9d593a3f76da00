import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kafkaComplaints } from './kafka.ts';
import { but, failure, parse, prod, staging } from './testing.ts';

const dev = readFileSync(new URL('../environments/dev.yaml', import.meta.url), 'utf8');
const kafkaOf = (text: string): string => /^ {2}kafka:\n(?: {3,}.*\n)+/m.exec(text)?.[0] ?? '';
const redisOf = (text: string): string => /^ {4}redis:\n(?: {5,}.*\n)+/m.exec(text)?.[0] ?? '';

describe('the log pipeline of a cluster', () => {
  it.each<[string, string, key: string, said: string]>([
    ['none', but(staging, '  logPipeline:\n', '  logPipelin:\n'), '  logPipelin:', 'nearest: logPipeline'],
    [
      'several gateways with the embedded queue',
      but(staging, 'gateway:\n      replicas: 1', 'gateway:\n      replicas: 2'),
      'gateway:\n      replicas: 2',
      'kubernetes.logPipeline.gateway.replicas: given 2; allowed: 1, or queue: kafka',
    ],
    [
      'several ingestors with the embedded queue',
      but(staging, 'ingestor:\n      replicas: 1', 'ingestor:\n      replicas: 3'),
      'ingestor:\n      replicas: 3',
      'given 3; allowed: 1, or queue: kafka: the embedded queue is of one gateway and one ingestor',
    ],
    [
      'more ingestors later with the embedded queue',
      but(staging, 'ingestor:\n      replicas: 1', 'ingestor:\n      replicas: 1\n      maxReplicas: 3'),
      'maxReplicas: 3',
      'given 3; allowed: nothing, or queue: kafka',
    ],
    [
      'an embedded queue without a disk',
      but(staging, '    volume: 10Gi\n', ''),
      '  logPipeline:',
      'kubernetes.logPipeline.volume: it is missing; allowed: a size such as 10Gi',
    ],
    [
      'a disk for a queue in Kafka',
      but(dev, 'partitions: 3', 'partitions: 3\n    volume: 10Gi'),
      'partitions: 3\n    volume: 10Gi',
      'given "10Gi"; allowed: nothing, or queue: embedded',
    ],
    [
      'a queue in Kafka, and no Kafka',
      but(prod, kafkaOf(prod), ''),
      'queue: kafka',
      'kubernetes.logPipeline.queue: given "kafka"; allowed: kafka only with kubernetes.kafka',
    ],
    [
      'Kafka that nothing uses',
      but(staging, '  logPipeline:', `${kafkaOf(prod)}  logPipeline:`),
      '\n  kafka:',
      'kubernetes.kafka: given "brokers"; allowed: nothing, or a use',
    ],
    [
      'no partitions',
      but(dev, '    partitions: 3\n', ''),
      '  logPipeline:',
      'kubernetes.logPipeline.partitions: it is missing; allowed: a whole number',
    ],
    [
      'more ingestors than partitions',
      but(prod, 'partitions: 12', 'partitions: 4'),
      'docs/how-to/scale-the-log-pipeline.md).\n      maxReplicas: 6',
      'given 6; allowed: at most 4, the partitions of a topic',
    ],
    [
      'ingestors that come by no lag',
      but(prod, '      lag: 2000\n', ''),
      '    ingestor:',
      'kubernetes.logPipeline.ingestor.lag: it is missing; allowed: a whole number with ingestor.maxReplicas',
    ],
    [
      'ingestors that come by a lag that nobody tells',
      but(prod, '      adapter: metrics-adapter\n', ''),
      '    ingestor:',
      'kubernetes.logPipeline.ingestor.adapter: it is missing; allowed: a namespace with ingestor.maxReplicas',
    ],
    [
      'several gateways that count for themselves',
      but(prod, redisOf(prod), ''),
      '  logPipeline:',
      'kubernetes.logPipeline.redis: it is missing; allowed: its address',
    ],
    [
      'Redis without a port',
      but(prod, 'address: redis.databases:6379', 'address: redis.databases'),
      'address: redis.databases\n',
      'given "redis.databases"; allowed: host:port',
    ],
    [
      'an address in place of a host name',
      but(prod, 'host: logs.prod', 'host: https://logs.prod'),
      'host: https',
      'allowed: a host name such as tasks.example.com',
    ],
  ])('is not taken with %s', (_, text, key, said) => expectRefusalAt(text, key, said));
});

describe('Kafka of a cluster', () => {
  it.each<[string, string, key: string, said: string]>([
    [
      'two kinds at once',
      but(prod, '    existing:\n      brokers', '    single: { volume: 5Gi }\n    existing:\n      brokers'),
      '\n  kafka:',
      'allowed: exactly one of single, existing',
    ],
    [
      'one node in production',
      but(prod, kafkaOf(prod), kafkaOf(dev)),
      '    single:',
      'kubernetes.kafka.single: given "a broker of our own"; allowed: existing: one node keeps one copy',
    ],
    [
      'a broker without a port',
      but(prod, 'kafka-0.kafka.example.com:9093', 'kafka-0.kafka.example.com'),
      '      brokers:',
      'brokers.0: given "kafka-0.kafka.example.com"; allowed: a list of host:port, each once',
    ],
    [
      'a broker twice',
      but(prod, 'kafka-1.kafka', 'kafka-0.kafka'),
      '      brokers:',
      'allowed: a list of host:port, each once',
    ],
    [
      'no brokers',
      but(prod, /brokers:\s+\[.*\]/.exec(prod)?.[0] ?? '', 'brokers: []'),
      '      brokers:',
      'given []',
    ],
    [
      'a password without encryption',
      but(prod, 'tls: true\n      sasl', 'tls: false\n      sasl'),
      '      tls: false',
      'kubernetes.kafka.existing.tls: given false; allowed: true: a password is sent to the brokers',
    ],
    [
      'an authority that is none',
      but(prod, 'tls: true\n      sasl', 'tls: true\n      ca: ours\n      sasl'),
      '      ca: ours',
      'given "ours"; allowed: certificates of authorities in PEM, no keys',
    ],
    [
      'a mechanism that is none',
      but(prod, 'SCRAM-SHA-512', 'SCRAM-SHA-1'),
      'mechanism:',
      'given "SCRAM-SHA-1"; allowed: one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512',
    ],
    [
      'a user with a space',
      but(prod, 'user: sightline', 'user: sight line'),
      'user: sight',
      'given "sight line"; allowed: letters, digits',
    ],
    [
      'events by something else',
      but(prod, 'events: redis', 'events: nats'),
      'events: nats',
      'given "nats"; allowed: one of redis, kafka',
    ],
  ])('is not taken with %s', (_, text, key, said) => expectRefusalAt(text, key, said));

  it('is given an authority only where there is one to hold against it', () => {
    const brokers = ['kafka.example.com:9092'];
    const ca = 'certificates';
    expect(kafkaComplaints({ existing: { brokers, tls: true, ca } }, 'prod')).toEqual([]);
    expect(kafkaComplaints({ existing: { brokers, tls: false, ca } }, 'prod')).toMatchObject([
      { path: ['existing', 'ca'], allowed: 'nothing without tls: true' },
    ]);
  });

  it('may carry the services’ events too', () => {
    expect(parse(but(prod, 'events: redis', 'events: kafka'))).toMatchObject({
      kubernetes: { services: { events: 'kafka' } },
    });
  });
});

/** Refused at the line on which `at`, found once, ends. */
function expectRefusalAt(text: string, at: string, said: string): void {
  const [before, ...after] = text.split(at);
  if (after.length !== 1) throw new Error(`${at} is found ${after.length} times`);
  const message = failure(() => parse(text));
  expect(message).toContain('SL1103');
  expect(message).toContain(said);
  expect(message).toContain(`line ${`${before}${at}`.trimEnd().split('\n').length}, `);
}
