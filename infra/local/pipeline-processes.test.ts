import path from 'node:path';
import { expect, test } from 'vitest';
import { kafkaBootstrap } from './kafka-processes.ts';
import { planLocal } from './plan.ts';
import { localPorts } from './ports.ts';

const options = { portOffset: 100, stateDir: '/state', timeScale: 1 } as const;
const env = {
  KAFKA_BROKERS: 'broker-1:9093,broker-2:9093',
  KAFKA_TLS: 'true',
  KAFKA_CA_FILE: 'ca.pem',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SASL_USERNAME: 'sightline',
  KAFKA_SASL_PASSWORD: 'a secret of the broker',
};
const readers = ['log-gateway', 'log-ingestor'];

test('brokers of the shell carry the log queue, and only who uses it is told how to get to them', async () => {
  const { processes, files } = await planLocal({ ...options, env });
  for (const { name, env: own } of processes) {
    if (readers.includes(name)) {
      expect(own, name).toMatchObject({ ...env, KAFKA_CA_FILE: path.resolve('ca.pem') });
    } else expect(Object.keys(own), name).not.toContain('KAFKA_SASL_PASSWORD');
  }
  expect([...files.values()].join('\n')).not.toContain(env.KAFKA_SASL_PASSWORD);
});

test('without brokers nothing of Kafka is passed on', async () => {
  const { processes } = await planLocal({ ...options, env: { ...env, KAFKA_BROKERS: '' } });
  for (const { env: own } of processes) expect(Object.keys(own)).not.toContain('KAFKA_TLS');
});

test('the broker that comes with --with kafka goes before those of the shell', async () => {
  const { processes, files } = await planLocal({ ...options, env, with: ['dapr', 'kafka'] });
  for (const { name, env: own } of processes) {
    if (readers.includes(name)) expect(Object.keys(own)).not.toContain('KAFKA_BROKERS');
  }
  expect(files.get('config/log-pipeline.yaml')).toContain(kafkaBootstrap(localPorts(100)));
});

test('variables that do not fit together are refused before anything starts, without their values', async () => {
  const { KAFKA_SASL_MECHANISM: _, ...half } = env;
  const planned = planLocal({ ...options, env: half });
  await expect(planned).rejects.toThrow(/SL1709 kafka\.saslPassword.*KAFKA_SASL_PASSWORD/);
  await expect(planned).rejects.not.toThrow(env.KAFKA_SASL_PASSWORD);
});
