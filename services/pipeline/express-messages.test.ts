import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { messagesOf } from './express-messages.ts';

it('makes what Express gives no other prototype', async () => {
  const app = express();
  app.get('/', (request, response) => void response.send(request.get('accept')));
  let prototypes: readonly unknown[] = [];
  const server = createServer(messagesOf(app), (request, response) => {
    prototypes = [request, response].map((message): unknown => Object.getPrototypeOf(message));
    app(request, response);
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/plain' } });
  expect(await answer.text()).toBe('text/plain');
  expect(prototypes[0]).toBe(app.request);
  expect(prototypes[1]).toBe(app.response);
});
