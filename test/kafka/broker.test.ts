import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../support/kafka-broker.ts';
import { waitFor } from '../support/wait.ts';

const topic = 'ledger';
const messages = 200;

let broker: KafkaBroker;
beforeAll(async () => {
  broker = await startKafkaBroker();
});
afterAll(async () => broker?.stop());

const client = () => ({ clientId: 'test', bootstrapBrokers: [broker.bootstrap], retries: 3 });

/** Sends messages one by one, each acknowledged by all replicas, and gives those that were. */
async function produce(ids: readonly string[]): Promise<readonly string[]> {
  const producer = new Producer({ ...client(), serializers: stringSerializers });
  const acknowledged: string[] = [];
  try {
    for (const value of ids) {
      await waitFor(`the broker to take ${value}`, async () => {
        await producer.send({ acks: -1, messages: [{ topic, value }] });
        return true;
      });
      acknowledged.push(value);
    }
  } finally {
    await producer.close(true);
  }
  return acknowledged;
}

async function consume(count: number, groupId: string): Promise<ReadonlySet<string>> {
  const consumer = new Consumer({ ...client(), groupId, deserializers: stringDeserializers });
  const found = new Set<string>();
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', maxWaitTime: 200 });
    for await (const { value } of stream) {
      found.add(value);
      if (found.size >= count) break;
    }
  } finally {
    await consumer.close(true);
  }
  return found;
}

const ids = (from: string) => Array.from({ length: messages }, (_, index) => `${from}-${index}`);

test('what was acknowledged is there after a kill -9 and a start on the same data', async () => {
  const admin = new Admin(client());
  await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });
  await admin.close();
  const before = await produce(ids('before'));
  await broker.kill();
  await expect(produceOnce()).rejects.toThrow();
  await broker.start();
  const after = await produce(ids('after'));
  const found = await consume(2 * messages, 'ledger-reader');
  expect([...before, ...after].filter((id) => !found.has(id))).toEqual([]);
});

/** Fails when nobody listens: the kill was one. */
async function produceOnce(): Promise<void> {
  const producer = new Producer({ ...client(), retries: 0, serializers: stringSerializers });
  try {
    await producer.send({ acks: -1, messages: [{ topic, value: 'nobody takes it' }] });
  } finally {
    await producer.close(true);
  }
}

test('the broker writes JSON lines that the log pipeline reads', async () => {
  const lines = broker.output().trim().split('\n').slice(1);
  expect(lines.length).toBeGreaterThan(10);
  const fields = lines.map((line) => JSON.parse(line));
  for (const field of fields)
    expect(Object.keys(field)).toEqual(['timestamp', 'level', 'logger', 'message', 'exception']);
  expect(fields.map(({ level }) => level)).toContain('INFO');
});
