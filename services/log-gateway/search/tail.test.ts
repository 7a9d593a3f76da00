import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { acceptUpgrades } from '../../pipeline/upgrades.ts';
import { Tails } from './tail.ts';

/** A store that says the messages, and a server of tails of it; gives the address of a caller's tail. */
async function start({ messages = [] as readonly string[], most = 10, mayFollow = async () => true }) {
  const store = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  store.on('connection', (socket) => {
    for (const message of messages) socket.send(message);
  });
  await once(store, 'listening');
  const tails = new Tails({
    lokiUrl: `http://127.0.0.1:${(store.address() as AddressInfo).port}`,
    most,
    heartbeatMs: 20,
  });
  const app = express();
  app.get('/:caller', async (request, response) => {
    const follower = { id: request.params.caller, mayFollow };
    try {
      await tails.follow(request, response, { follower, organization: 'acme', logql: '{a="b"}' });
    } catch (error) {
      response.status(error instanceof Error && 'status' in error ? Number(error.status) : 500).end();
    }
  });
  const server = createServer({ shouldUpgradeCallback: () => true }, app).listen(0, '127.0.0.1');
  acceptUpgrades(server, app);
  await once(server, 'listening');
  onTestFinished(() => {
    tails.stop();
    store.close();
    server.close();
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const events = (caller: string) =>
    fetch(`http://${address}/${caller}`, { signal: AbortSignal.timeout(20_000) });
  const webSocket = (caller: string) => new WebSocket(`ws://${address}/${caller}`);
  return { events, webSocket };
}

const entry = { streams: [{ stream: { service: 'shop' }, values: [['1', '{"message":"good"}']] }] };

/** The status that a WebSocket is refused with, or 101. */
const statusOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve, reject) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0));
    socket.once('error', reject);
  });

it('a message that cannot be read is passed over, and the next one is passed on', async () => {
  const tail = await start({ messages: ['{"streams":', JSON.stringify(entry)] });
  const { body } = await tail.events('a');
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('data: ')) break;
  }
  expect(text).toContain('good');
});

it.each([
  ['is no longer valid', async () => false],
  ['cannot be asked about', () => Promise.reject(new Error('no answer'))],
])('a tail ends when its key %s', async (_, mayFollow: () => Promise<boolean>) => {
  const tail = await start({ mayFollow });
  const answer = await tail.events('a');
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('from now on');
});

it('a caller has at most half of the tails, so that others have some', async () => {
  const tail = await start({ most: 4 });
  const statuses: number[] = [];
  for (const caller of ['a', 'a', 'a', 'b', 'b', 'c']) statuses.push((await tail.events(caller)).status);
  expect(statuses).toEqual([200, 200, 429, 200, 200, 429]);
});

it('a WebSocket gives one message an entry, and is looked at by the same rules', async () => {
  const tail = await start({ most: 2, messages: [JSON.stringify(entry)] });
  const socket = tail.webSocket('a');
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(data.toString())).toMatchObject({ service: 'shop', message: 'good' });
  expect(await statusOf(tail.webSocket('a'))).toBe(429);
  expect((await tail.events('a')).status).toBe(429);
  expect(await statusOf(tail.webSocket('b'))).toBe(101);
  socket.close();
  await expect.poll(async () => (await tail.events('c')).status, { timeout: 20_000 }).toBe(200);
});

it('a WebSocket ends when its key is no longer valid', async () => {
  const tail = await start({ mayFollow: async () => false });
  const socket = tail.webSocket('a');
  socket.on('error', () => {});
  const [code] = (await once(socket, 'close')) as [number];
  expect([1001, 1006]).toContain(code);
});

it('a client that talks too much is cut off', async () => {
  const tail = await start({});
  const socket = tail.webSocket('a');
  await once(socket, 'open');
  socket.send('x'.repeat(2000));
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(1009);
});
