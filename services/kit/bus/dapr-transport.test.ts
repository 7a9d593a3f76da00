import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openSqlite } from '../sqlite.ts';
import { TestSidecar } from '../testing/dapr-sidecar.ts';
import { noTrouble } from '../testing/no-trouble.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { newEnvelope } from './cloud-event.ts';
import { DaprTransport } from './dapr-transport.ts';
import { DeadLetterTable } from './dead-letters.ts';
import type { Receiver, Verdict } from './event-bus.ts';

const replayMs = 20;
const patience = { timeout: 10_000, interval: 20 };

/** A transport whose sidecar is never asked, with one dead letter that somebody wants delivered again. */
function withLetter() {
  const ledgerPath = join(temporaryDirectory(), 'ledger.sqlite');
  const file = openSqlite(ledgerPath, { synchronous: 'NORMAL' });
  onTestFinished(() => file.close());
  const letters = new DeadLetterTable(file);
  letters.add({
    subscriber: 'audit',
    topic: 'task-events',
    body: '{"id":"1"}',
    reason: 'a bug',
    attempts: 5,
  });
  letters.markForReplay({});
  const options = {
    httpPort: 1,
    pubsub: 'pubsub',
    stateStore: 'state',
    subscriber: 'audit',
    ledgerPath,
    replayMs,
  } as const;
  const transport = new DaprTransport(options);
  onTestFinished(() => transport.stop());
  return { transport, letters };
}

test('a dead letter stays in the file until its replay has ended, and is delivered once', async () => {
  const { transport, letters } = withLetter();
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const receive = vi.fn(() => promise);
  await transport.start(['task-events'], receive, noTrouble);
  await vi.waitFor(() => expect(receive).toHaveBeenCalled(), patience);
  // Several looks later it is still in hand, and not taken in hand again.
  await delay(5 * replayMs);
  expect(letters.replays('audit')).toHaveLength(1);
  resolve({ outcome: 'success' });
  await vi.waitFor(() => expect(letters.replays('audit')).toEqual([]), patience);
  expect(receive).toHaveBeenCalledTimes(1);
  expect(letters.count('audit', 'task-events')).toBe(0);
});

test('a replay that fails puts the letter back, with one attempt more', async () => {
  const { transport, letters } = withLetter();
  await transport.start(
    ['task-events'],
    async () => ({ outcome: 'dead_letter', reason: 'still' }),
    noTrouble,
  );
  await vi.waitFor(
    () => expect(letters.list(10)).toMatchObject([{ reason: 'still', attempts: 6 }]),
    patience,
  );
});

test('a replay that breaks is told, and keeps the letter', async () => {
  const { transport, letters } = withLetter();
  const onTrouble = vi.fn();
  await transport.start(['task-events'], () => Promise.reject(new Error('broken')), onTrouble);
  await vi.waitFor(() => expect(onTrouble).toHaveBeenCalledWith(new Error('broken')), patience);
  expect(letters.replays('audit')).toHaveLength(1);
});

/** A subscriber on a port of its own, whose sidecar's state store can be had or not. */
async function subscriber(
  stateStore: 'there' | 'away',
  receive: Receiver,
  onTrouble: (error: unknown) => void = noTrouble,
) {
  const sidecar = await TestSidecar.start(replayMs);
  onTestFinished(() => sidecar.close());
  const transport = new DaprTransport({
    httpPort: stateStore === 'there' ? sidecar.port : 1,
    pubsub: 'pubsub',
    stateStore: 'state',
    subscriber: 'audit',
    ledgerPath: join(temporaryDirectory(), 'ledger.sqlite'),
  });
  onTestFinished(() => transport.stop());
  const server = express().use(transport.routes()).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const start = () => transport.start(['task-events'], receive, onTrouble);
  const publish = (id: string) =>
    fetch(`http://127.0.0.1:${sidecar.port}/v1.0/publish/pubsub/task-events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({ id }),
    });
  return { sidecar, transport, url, start, publish };
}

test('Dapr learns of the subscriptions when they are known, with where dead letters go', async () => {
  const { url, start } = await subscriber('there', async () => ({ outcome: 'success' }));
  const asked = fetch(`${url}/dapr/subscribe`).then((response) => response.json());
  await start();
  expect(await asked).toEqual([
    {
      pubsubname: 'pubsub',
      topic: 'task-events',
      route: '/events/task-events',
      deadLetterTopic: 'dead-letters-audit',
    },
  ]);
});

test('what it gives up on is copied to its dead-letter topic, and nothing else is', async () => {
  const { sidecar, url, start, publish } = await subscriber('there', async ({ event }) =>
    JSON.stringify(event).includes('bad')
      ? { outcome: 'dead_letter', reason: 'bad' }
      : { outcome: 'success' },
  );
  await start();
  await sidecar.connect(url);
  for (const id of ['good', 'bad']) await publish(id);
  await vi.waitFor(
    () => expect([...sidecar.deadLetters]).toEqual([['dead-letters-audit', ['bad']]]),
    patience,
  );
});

test('without its state store it is told, and the event is handled', async () => {
  const onTrouble = vi.fn();
  const receive = vi.fn(async () => ({ outcome: 'success' as const }));
  const { sidecar, url, start, publish } = await subscriber('away', receive, onTrouble);
  await start();
  await sidecar.connect(url);
  await publish('1');
  await vi.waitFor(
    () => expect(receive).toHaveBeenCalledWith(expect.objectContaining({ attempt: 1 })),
    patience,
  );
  await vi.waitFor(() => expect(onTrouble).toHaveBeenCalled(), patience);
});

test('the trace context of an event arrives as it was published', async () => {
  const receive = vi.fn(async () => ({ outcome: 'success' as const }));
  const { sidecar, url, start, transport } = await subscriber('there', receive);
  await start();
  await sidecar.connect(url);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const about = { service: 'backend-api', subject: '1', traceparent } as const;
  await transport.publish(newEnvelope('sightline.task.created', {}, about));
  await vi.waitFor(
    () =>
      expect(receive).toHaveBeenCalledWith(
        expect.objectContaining({ event: expect.objectContaining({ traceparent }) }),
      ),
    patience,
  );
});
