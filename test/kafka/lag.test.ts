import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../support/kafka-broker.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const topic = 'orders';
/** Nobody of it is alive: all that Kafka knows of it is what was committed. */
const group = 'gone';

let broker: KafkaBroker;
let exporter: RunningTool;
let url: string;

beforeAll(async () => {
  broker = await startKafkaBroker();
  const [port = 0] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  exporter = startTool(process.execPath, ['services/kafka-exporter/main.ts'], {
    PORT: String(port),
    KAFKA_BROKERS: broker.bootstrap,
  });
  await waitFor('the exporter', async () => ((await fetch(`${url}/health`)).ok ? true : undefined));
});
afterAll(async () => {
  await exporter?.stop();
  await broker?.stop();
});

const client = () => ({ clientId: 'test', bootstrapBrokers: [broker.bootstrap], retries: 5 });

async function administer<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin(client());
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/** So many messages into each partition, in their order. */
async function produce(counts: readonly number[]): Promise<void> {
  // Without it a try that failed for one partition of a new topic is repeated for all.
  const producer = new Producer({ ...client(), idempotent: true, serializers: stringSerializers });
  const messages = counts.flatMap((count, partition) =>
    Array.from({ length: count }, (_, index) => ({ topic, partition, value: `${index}` })),
  );
  await producer.send({ acks: -1, messages });
  await producer.close();
}

/** The samples of the test's topic, of one metric: by partition. */
async function samples(metric: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && line.includes(`topic="${topic}"`));
  return Object.fromEntries(
    lines.map((line) => [/partition="(\d+)"/.exec(line)?.[1] ?? '', Number(line.split(' ').at(-1))]),
  );
}

const lag = () => samples('kafka_consumergroup_lag');
const whole = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();

test('lag is what was produced less what was committed, partition by partition, and also after a kill -9', async () => {
  await administer((admin) => admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 }));
  await produce([10, 20, 30]);
  expect(await samples('kafka_topic_partition_current_offset')).toEqual({ 0: 10, 1: 20, 2: 30 });
  expect(await lag()).toEqual({});
  const commit = (offsets: readonly bigint[]) =>
    administer((admin) =>
      admin.alterConsumerGroupOffsets({
        groupId: group,
        topics: [
          { name: topic, partitionOffsets: offsets.map((offset, partition) => ({ partition, offset })) },
        ],
      }),
    );
  await commit([4n, 20n]);
  expect(await lag()).toEqual({ 0: 6, 1: 0 });
  expect(await samples('kafka_consumergroup_current_offset')).toEqual({ 0: 4, 1: 20 });
  await produce([1, 2, 3]);
  await commit([4n, 20n, 33n]);
  expect(await lag()).toEqual({ 0: 7, 1: 2, 2: 0 });
  expect(await samples('kafka_topic_partition_under_replicated_partition')).toEqual({ 0: 0, 1: 0, 2: 0 });

  await broker.kill();
  expect(await whole()).toContain('kafka_brokers 0\n');
  expect(await whole()).not.toContain('kafka_consumergroup_lag{');
  expect((await fetch(`${url}/ready`)).status).toBe(503);
  expect((await fetch(`${url}/health`)).status).toBe(200);

  await broker.start();
  await waitFor('the group to be known again', async () =>
    Object.keys(await lag()).length === 3 ? true : undefined,
  );
  expect(await lag()).toEqual({ 0: 7, 1: 2, 2: 0 });
  expect(await whole()).toContain('kafka_brokers 1\n');
  await produce([0, 0, 5]);
  expect(await lag()).toEqual({ 0: 7, 1: 2, 2: 5 });
});

test('Kafka’s own topics are not shown, and a deleted topic takes its lag with it', async () => {
  expect(await whole()).not.toContain('__consumer_offsets');
  await administer((admin) => admin.deleteTopics({ topics: [topic] }));
  await waitFor('the topic to be gone', async () =>
    (await whole()).includes('kafka_brokers 1\n') ? true : undefined,
  );
  expect(await lag()).toEqual({});
});
