import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { readPipelineConfig } from '../../config/read-config.ts';
import { connectionOf, reasonOf } from './connection.ts';
import { missingReplicas, weaknessOf } from './topics.ts';

const kafka = (env: NodeJS.ProcessEnv) =>
  readPipelineConfig({ env: { KAFKA_BROKERS: 'a:9092,b:9092', ...env } }).kafka;

it('has no secret and no TLS unless they are set', () => {
  const connection = connectionOf(kafka({}), 'me');
  expect(connection).toMatchObject({ clientId: 'me', bootstrapBrokers: ['a:9092', 'b:9092'] });
  expect(connection).not.toHaveProperty('tls');
  expect(connection).not.toHaveProperty('sasl');
});

it('has the authority and the account that are set', () => {
  const caFile = join(temporaryDirectory(), 'ca.pem');
  writeFileSync(caFile, 'a certificate');
  const env = { KAFKA_TLS: 'true', KAFKA_CA_FILE: caFile, KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' };
  expect(
    connectionOf(kafka({ ...env, KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' }), 'me'),
  ).toMatchObject({
    tls: { ca: 'a certificate' },
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' },
  });
});

it('says which certificate cannot be read', () => {
  const settings = kafka({ KAFKA_TLS: 'true', KAFKA_CA_FILE: '/absent/ca.pem' });
  expect(() => connectionOf(settings, 'me')).toThrow(/SL1709.*\/absent\/ca\.pem/s);
});

it('the reason of nested errors is the last that happened', () => {
  const errors = [new Error('first'), new AggregateError([new Error('refused')], 'tries')];
  expect(reasonOf(new AggregateError(errors, 'all'))).toBe('refused');
  expect(reasonOf('text')).toBe('text');
});

it.each([
  [{ replicas: 3, minInsyncReplicas: 2 }, 0, undefined],
  [{ replicas: 1, minInsyncReplicas: 1 }, 2, 'it has 1 of 3 replicas, and min.insync.replicas is 1, not 2'],
  [{ replicas: 3, minInsyncReplicas: 1 }, 1, 'min.insync.replicas is 1, not 2'],
  [{ replicas: 2, minInsyncReplicas: 2 }, 1, 'it has 2 of 3 replicas'],
])('%o lacks %i replicas', (given, missing, reason) => {
  const facts = { ...given, partitions: 12, maxMessageBytes: 1_000_000 };
  expect(missingReplicas(facts)).toBe(missing);
  expect(weaknessOf(facts)).toBe(reason);
});
