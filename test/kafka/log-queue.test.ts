import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { entriesOf } from '../../services/pipeline/queue/batch.ts';
import { describeLogQueue, oneEntry } from '../../services/pipeline/queue/contract.ts';
import { type LogConsumer, QueueClosedError } from '../../services/pipeline/queue/log-queue.ts';
import { type KafkaBroker, startKafkaBroker } from '../support/kafka-broker.ts';
import { waitFor } from '../support/wait.ts';
import { plainConnection, queueUnderTest } from './support/queue-under-test.ts';

let broker: KafkaBroker;
beforeAll(async () => {
  broker = await startKafkaBroker();
});
afterAll(() => broker?.stop());

describeLogQueue('the queue in Kafka', async () => queueUnderTest(plainConnection(broker.bootstrap)));

/** The messages of the batches, until there are `count` different ones. */
async function messagesOf(consumer: LogConsumer, count: number): Promise<readonly string[]> {
  const found = new Set<string>();
  await waitFor(
    `${count} messages`,
    async () => {
      const batches = await consumer.read({ maxBytes: 1_000_000 });
      for (const message of batches.flatMap(entriesOf).map((entry) => entry.message)) found.add(message);
      return found.size >= count ? true : undefined;
    },
    120_000,
  );
  return [...found];
}

test('says by how many replicas at least a batch is held', async () => {
  const queue = await queueUnderTest(plainConnection(broker.bootstrap)).openQueue();
  onTestFinished(() => queue.close());
  expect(await queue.append(oneEntry('one'))).toEqual({ durability: 'replicated', replicas: 1 });
});

test('what is appended while the broker is away is acknowledged once it is back, and given', async () => {
  const under = queueUnderTest(plainConnection(broker.bootstrap), 240_000);
  const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
  onTestFinished(async () => {
    await Promise.all([queue.close(), consumer.close()]);
  });
  await queue.append(oneEntry('before'));
  await broker.kill();
  const messages = ['during 1', 'during 2', 'during 3'];
  const appends = Promise.all(messages.map((message) => queue.append(oneEntry(message))));
  await broker.start();
  expect(await appends).toHaveLength(messages.length);
  expect([...(await messagesOf(consumer, 4))].sort()).toEqual(['before', ...messages]);
}, 400_000);

test('nothing is acknowledged while the broker is away, and whoever waits is told in time', async () => {
  const queue = await queueUnderTest(plainConnection(broker.bootstrap), 3000).openQueue();
  onTestFinished(() => queue.close());
  await queue.append(oneEntry('before'));
  await broker.kill();
  const started = performance.now();
  await expect(queue.append(oneEntry('during'))).rejects.toThrow(QueueClosedError);
  expect(performance.now() - started).toBeGreaterThan(2000);
  await broker.start();
  await waitFor('the queue to take batches again', () => queue.append(oneEntry('after')), 120_000);
}, 400_000);
