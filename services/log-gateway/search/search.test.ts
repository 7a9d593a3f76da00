import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { send, startTestGateway } from '../testing/test-gateway.ts';

/** A store that has `count` lines and refuses, as Loki does, to answer with more than `most` at once. */
async function startStore(count: number, most: number) {
  const first = Math.floor(Date.now() / 1000 - 60) * 1000;
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '', 'http://store').searchParams;
    const end = BigInt(asked.get('end') ?? '0');
    const values = Array.from({ length: count }, (_, n): [string, string] => [
      `${first + n}000000`,
      JSON.stringify({ message: `m${n}` }),
    ])
      .filter(([ns]) => BigInt(ns) < end)
      .reverse()
      .slice(0, Number(asked.get('limit')));
    if (values.length > most) {
      response.statusCode = 500;
      response.end('rpc error: code = ResourceExhausted desc = grpc: received message larger than max');
      return;
    }
    const result = values.length === 0 ? [] : [{ stream: { service: 'shop' }, values }];
    response.end(JSON.stringify({ data: { resultType: 'streams', result } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('a page that is too large for the store is a shorter one, and the pages together are all', async () => {
  const store = await startStore(50, 20);
  const gateway = await startTestGateway({ LOKI_URL: store.url });
  const key = gateway.key(['read']);
  const headers = { accept: 'application/x-ndjson' };
  const answer = await send(`${gateway.url}/api/v1/logs/search`, { method: 'GET', key, headers });
  store.server.close();
  const messages = answer.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).message);
  expect(messages).toEqual(Array.from({ length: 50 }, (_, n) => `m${49 - n}`));
});

it('patterns look back no further than a search may', async () => {
  const gateway = await startTestGateway({ LOKI_URL: 'http://127.0.0.1:9', LIMITS_SEARCH_RANGE_HOURS: '48' });
  const key = gateway.key(['read']);
  const over = async (hours: number) =>
    (await send(`${gateway.url}/logs/patterns?hours=${hours}`, { method: 'GET', key })).status;
  expect([await over(49), await over(48)]).toEqual([400, 502]);
});
