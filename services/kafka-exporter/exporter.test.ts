import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { listen } from '../../telemetry/listen.ts';
import { kafkaExporter } from './exporter.ts';
import type { KafkaState } from './read-kafka.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))));

async function serve(read: () => Promise<KafkaState>, maxSeries = 100) {
  const said: (string | number | undefined)[] = [];
  const server = kafkaExporter({
    read,
    maxSeries,
    onTrouble: (reason) => void said.push(reason),
    onOmitted: (series) => void said.push(series),
  });
  const port = await listen(server, { HOST: '127.0.0.1', PORT: 0 }, 'SL1703');
  closing.push(() => {
    server.closeAllConnections();
    return once(server.close(), 'close');
  });
  const get = async (path: string, method = 'GET') => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return { status: answer.status, body: await answer.text() };
  };
  return { get, said };
}

const state: KafkaState = {
  brokers: 1,
  partitions: Array.from({ length: 20 }, (_, partition) => ({
    topic: 't',
    partition,
    end: 9n,
    isUnderReplicated: false,
  })),
  commits: [],
};

test('metrics are in the format that Prometheus reads', async () => {
  const { get } = await serve(async () => state);
  const { status, body } = await get('/metrics');
  expect(status).toBe(200);
  expect(body).toContain('# TYPE kafka_brokers gauge\nkafka_brokers 1\n');
  expect(body).toContain('kafka_topic_partition_current_offset{topic="t",partition="3"} 9\n');
});

test('trouble is a value in the metrics, fails /ready and not /health, and is said once', async () => {
  let broken = true;
  const inner = new Error('connect ECONNREFUSED');
  const { get, said } = await serve(async () => {
    if (broken) throw new AggregateError([inner], 'Listing groups failed.');
    return state;
  });
  expect(await get('/metrics')).toMatchObject({
    status: 200,
    body: expect.stringContaining('kafka_brokers 0\n'),
  });
  expect(await get('/ready')).toMatchObject({ status: 503, body: expect.stringContaining('ECONNREFUSED') });
  expect((await get('/health')).status).toBe(200);
  broken = false;
  expect((await get('/ready')).status).toBe(200);
  expect(said).toEqual(['connect ECONNREFUSED', undefined]);
});

test('what there is no room for is said, and other paths and methods are refused', async () => {
  const { get, said } = await serve(async () => state, 10);
  await get('/metrics');
  await get('/metrics');
  expect(said).toEqual([40]);
  expect((await get('/')).status).toBe(404);
  expect((await get('/metrics', 'POST')).status).toBe(405);
});
