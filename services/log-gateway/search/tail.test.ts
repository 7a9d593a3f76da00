import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
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
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    tails.stop();
    store.close();
    server.close();
  });
  return (caller: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${caller}`, {
      signal: AbortSignal.timeout(20_000),
    });
}

it('a message that cannot be read is passed over, and the next one is passed on', async () => {
  const entry = { streams: [{ stream: { service: 'shop' }, values: [['1', '{"message":"good"}']] }] };
  const tail = await start({ messages: ['{"streams":', JSON.stringify(entry)] });
  const { body } = await tail('a');
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
  const answer = await tail('a');
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('from now on');
});

it('a caller has at most half of the tails, so that others have some', async () => {
  const tail = await start({ most: 4 });
  const statuses: number[] = [];
  for (const caller of ['a', 'a', 'a', 'b', 'b', 'c']) statuses.push((await tail(caller)).status);
  expect(statuses).toEqual([200, 200, 429, 200, 200, 429]);
});
