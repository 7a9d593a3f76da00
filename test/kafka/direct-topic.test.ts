import { Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { deadRecords } from '../../cli/chaos/kafka/topics-read.ts';
import { temporaryDirectory } from '../../services/kit/testing/temporary-directory.ts';
import { buildLogIngestor } from '../../services/log-ingestor/log-ingestor.ts';
import { readPipelineConfig } from '../../services/pipeline/config/read-config.ts';
import { startPipelineProcess } from '../../services/pipeline/frame.ts';
import { type KafkaBroker, startKafkaBroker } from '../support/kafka-broker.ts';
import { waitFor } from '../support/wait.ts';
import { startRecordingLoki } from './support/recording-loki.ts';

let broker: KafkaBroker;
beforeAll(async () => {
  broker = await startKafkaBroker();
});
afterAll(() => broker?.stop());

test('what applications write themselves is stored or a dead letter, and nothing blocks what is behind it', async () => {
  const loki = await startRecordingLoki();
  onTestFinished(() => loki.close());
  const env = {
    KAFKA_BROKERS: broker.bootstrap,
    KAFKA_ORGANIZATIONS: 'acme,globex',
    KAFKA_PARTITIONS: '1',
    LOKI_URL: loki.url,
    INGESTOR_PORT: '0',
    INGESTOR_BATCH_WAIT_SECONDS: '0.1',
    QUEUE_DIRECTORY: temporaryDirectory(),
  };
  const ingestor = await startPipelineProcess('log-ingestor', buildLogIngestor, {
    ...{ config: readPipelineConfig({ env }), env },
    destination: { write: () => {} },
  });
  onTestFinished(() => ingestor.stop());
  await waitFor(
    'the ingestor to read',
    async () => {
      return (await fetch(`${ingestor.url}/ready`)).ok ? true : undefined;
    },
    120_000,
  );

  const producer = new Producer({ clientId: 'app', bootstrapBrokers: [broker.bootstrap], idempotent: true });
  onTestFinished(() => producer.close(true));
  const records = [
    '{"message":"first","organizationId":"acme","service":"till"}',
    'no JSON at all',
    Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
    '',
    JSON.stringify({ message: 'x'.repeat(2_000_000), organizationId: 'acme' }),
    '{"message":"whose?"}',
    '{"message":"foreign","organizationId":"evil"}',
    '[{"message":"good","organizationId":"globex"},{"level":"loud","organizationId":"globex","message":"bad"}]',
    '{"message":"last","organizationId":"acme","service":"till"}',
  ];
  for (const value of records) {
    await producer.send({ messages: [{ topic: 'logs', partition: 0, value: Buffer.from(value) }] });
  }

  await waitFor(
    'the last to be stored',
    async () => (loki.messages().includes('last') ? true : undefined),
    120_000,
  );
  expect(loki.messages().sort()).toEqual(['first', 'good', 'last']);
  expect(loki.tenants()).toEqual(new Set(['acme', 'globex']));
  for (const labels of loki.streams()) expect(labels).toContain('kafka_partition="logs/0"');
  expect([...(await deadRecords(broker.bootstrap, 1))].sort()).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((n) => `0/${n}`),
  );
  const metrics = await (await fetch(`${ingestor.url}/metrics`)).text();
  expect(metrics).toMatch(/^log_events_received_total\{intake="kafka"\} 10$/m);
  expect(metrics).toMatch(/^log_events_errors_total\{refusal="invalid"\} 7$/m);
  expect(metrics).toMatch(/^log_queue_partitions 2$/m);
}, 400_000);
