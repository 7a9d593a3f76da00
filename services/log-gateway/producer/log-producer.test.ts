import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { send, startTestGateway } from '../testing/test-gateway.ts';
import { buildLogProducer } from './log-producer.ts';

/** A producer, and a gateway with the same keys that hands on to it. */
async function startBoth(env: NodeJS.ProcessEnv = {}) {
  let stopProducer = async () => {};
  const producer = await startTestGateway(
    {},
    (stop) => {
      stopProducer = async () => {
        stopProducer = async () => {};
        await stop();
      };
    },
    buildLogProducer,
  );
  onTestFinished(() => stopProducer());
  const gateway = await startTestGateway({ KEYS_FILE: producer.keyFile, PRODUCER_URL: producer.url, ...env });
  return { producer, gateway, stopProducer: () => stopProducer() };
}

it('what is sent to the gateway is in the queue of the producer, in every form and encoding', async () => {
  const { producer, gateway } = await startBoth();
  const key = producer.key(['write']);
  const answer = await send(`${gateway.url}/api/v1/logs?ids=true`, {
    key,
    body: new Uint8Array(gzipSync('{"message":"zipped"}')),
    headers: { 'content-encoding': 'gzip', 'x-request-id': 'r-7' },
  });
  expect(answer).toMatchObject({ status: 202, json: { durability: 'fsynced', accepted: 1 } });
  expect(answer.headers.get('x-request-id')).toBe('r-7');
  const batch = { batch_id: 'b', logs: [{ message: 'good' }, {}] };
  const tries = [1, 2].map(() =>
    send(`${gateway.url}/logs/batch-ingest`, { key, body: JSON.stringify(batch) }),
  );
  expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([207, 207]);
  expect((await producer.queued()).map(({ message }) => message)).toEqual(['zipped', 'good']);
});

it('both look at the key', async () => {
  const { producer, gateway } = await startBoth();
  for (const { url } of [producer, gateway]) {
    const post = async (key?: string) =>
      (await send(`${url}/api/logs`, { ...(key === undefined ? {} : { key }), body: '{"message":"m"}' }))
        .status;
    expect(await post()).toBe(401);
    expect(await post(producer.key(['read']))).toBe(403);
    expect(await post(producer.key(['write']))).toBe(202);
  }
});

it('one limit of requests holds, the gateway’s, which counts each once', async () => {
  const { producer, gateway } = await startBoth({ LIMITS_REQUESTS_PER_MINUTE: '2' });
  const key = producer.key(['write']);
  const statuses: number[] = [];
  for (let n = 0; n < 3; n += 1)
    statuses.push((await send(`${gateway.url}/api/logs`, { key, body: '{"message":"m"}' })).status);
  expect(statuses).toEqual([202, 202, 429]);
});

it('while the producer is away nothing is acknowledged, and the gateway is not ready', async () => {
  const { producer, gateway, stopProducer } = await startBoth();
  const key = producer.key(['write']);
  expect((await send(`${gateway.url}/ready`, { method: 'GET' })).status).toBe(200);
  await stopProducer();
  const answer = await send(`${gateway.url}/api/v1/logs`, { key, body: '{"message":"m"}' });
  expect(answer).toMatchObject({ status: 503, json: { detail: 'The log producer does not answer' } });
  expect(answer.headers.get('retry-after')).toBe('5');
  const ready = async () => (await send(`${gateway.url}/ready`, { method: 'GET' })).status;
  await expect.poll(ready, { timeout: 30_000 }).toBe(503);
});

it('has nothing but the taking of logs', async () => {
  const { producer } = await startBoth();
  const key = producer.key(['write', 'read']);
  expect((await send(`${producer.url}/api/v1/logs/search`, { method: 'GET', key })).status).toBe(404);
  expect((await send(`${producer.url}/api/v1/logs`, { method: 'GET', key })).status).toBe(405);
  for (const path of ['/health', '/ready', '/metrics', '/actuator/health'])
    expect((await send(producer.url + path, { method: 'GET' })).status).toBe(200);
});
