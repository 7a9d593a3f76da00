import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { newEvent } from '../kit/bus/cloud-event.ts';
import { EmbeddedTransport } from '../kit/bus/embedded-transport.ts';
import { writeFault } from '../kit/faults/file.ts';
import { sample, scrape } from '../kit/testing/samples.ts';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { call, logIn, startTestService } from '../kit/testing/test-service.ts';
import { buildBackendApi } from './backend-api.ts';
import { keptUpdates } from './update-log.ts';

const patience = { timeout: 10_000, interval: 20 };

interface Message {
  readonly type: 'hello' | 'change' | 'resync';
  readonly id?: number;
  readonly task_id?: string;
}

function connectClient(url: string, token: string, resume?: number) {
  const query = resume === undefined ? '' : `?resume=${resume}`;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/updates${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const messages: Message[] = [];
  const closes: number[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.on('close', (code) => closes.push(code));
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return {
    socket,
    messages,
    closes,
    changes: () => messages.filter(({ type }) => type === 'change'),
    welcomed: () =>
      vi.waitFor(() => expect(messages.some(({ type }) => type === 'hello')).toBe(true), patience),
  };
}

/** A backend-api, and the hand of sync that publishes changes for it. */
async function start() {
  const directory = temporaryDirectory();
  const service = await startTestService('backend-api', buildBackendApi, directory);
  const sync = new EmbeddedTransport({ path: join(directory, 'event-bus.sqlite'), subscriber: 'sync' });
  onTestFinished(() => sync.stop());
  let version = 0;
  async function publishChange(owner = 'demo-01', id?: string): Promise<string> {
    const taskId = crypto.randomUUID();
    version += 1;
    const change = { owner, task_id: taskId, version, change: 'created', fields: { title: 'x' } } as const;
    const data = { ...change, changed_at: new Date().toISOString() };
    const context = { service: 'sync', subject: taskId, ...(id === undefined ? {} : { id }) } as const;
    await sync.publish(newEvent('sightline.task.changed', data, context));
    return taskId;
  }
  const counted = async (name: string, labels: Record<string, string> = {}) =>
    sample(await scrape(service.url), name, labels);
  return { ...service, directory, token: await logIn(service.url), publishChange, counted };
}

test('a change reaches the clients of its owner, once, and nobody else', async () => {
  const { url, token, publishChange, counted } = await start();
  const mine = connectClient(url, token);
  const theirs = connectClient(url, await logIn(url, 'demo-02'));
  await Promise.all([mine.welcomed(), theirs.welcomed()]);
  expect(await counted('websocket_connections')).toBe(2);
  const taskId = await publishChange('demo-01', 'event-1');
  await vi.waitFor(() => expect(mine.changes()).toHaveLength(1), patience);
  expect(mine.changes()[0]).toMatchObject({ type: 'change', task_id: taskId });
  const processed = { topic: 'task-updates', outcome: 'success' };
  await vi.waitFor(async () => expect(await counted('events_processed_total', processed)).toBe(1), patience);
  await publishChange('demo-01', 'event-1');
  await vi.waitFor(async () => expect(await counted('events_processed_total', processed)).toBe(2), patience);
  mine.socket.send('thanks');
  await vi.waitFor(async () => {
    expect(await counted('websocket_messages_total', { direction: 'received' })).toBe(1);
  }, patience);
  expect(mine.changes()).toHaveLength(1);
  expect(theirs.changes()).toHaveLength(0);
  expect(await counted('websocket_deliveries_total', { outcome: 'success' })).toBe(1);
  mine.socket.close(1000);
  await vi.waitFor(async () => {
    expect(await counted('websocket_disconnects_total', { reason: 'client_closed' })).toBe(1);
  }, patience);
  expect(await counted('websocket_connections')).toBe(1);
});

test('who comes back gets what was missed, also after a restart of the service', async () => {
  const { url, token, directory, publishChange, stop } = await start();
  const first = connectClient(url, token);
  await first.welcomed();
  await publishChange();
  await vi.waitFor(() => expect(first.changes()).toHaveLength(1), patience);
  const last = first.changes()[0]?.id ?? 0;
  await stop();
  await vi.waitFor(() => expect(first.closes).toEqual([1001]), patience);
  const missed = [await publishChange(), await publishChange(), await publishChange('demo-02')];
  const again = await startTestService('backend-api', buildBackendApi, directory);
  await vi.waitFor(async () => {
    const labels = { topic: 'task-updates', outcome: 'success' };
    expect(sample(await scrape(again.url), 'events_processed_total', labels)).toBe(3);
  }, patience);
  const second = connectClient(again.url, token, last);
  await second.welcomed();
  expect(
    second
      .changes()
      .map(({ task_id }) => task_id)
      .sort(),
  ).toEqual(missed.slice(0, 2).sort());
  expect(second.messages.at(-1)).toEqual({ type: 'hello', id: second.changes().at(-1)?.id });
  expect(sample(await scrape(again.url), 'websocket_reconnects_total')).toBe(1);
});

test('who missed more than is kept is told to load everything again', async () => {
  const { url, token, publishChange, counted } = await start();
  for (let index = 0; index <= keptUpdates; index += 1) await publishChange();
  const labels = { topic: 'task-updates', outcome: 'success' };
  await vi.waitFor(
    async () => expect(await counted('events_processed_total', labels)).toBe(keptUpdates + 1),
    patience,
  );
  const client = connectClient(url, token, 0);
  await client.welcomed();
  expect(client.messages[0]).toEqual({ type: 'resync' });
  expect(client.changes()).toHaveLength(keptUpdates);
});

test('who has no token, asks nonsense or says too much is refused', async () => {
  const { url, token, counted } = await start();
  const statusOf = (headers: Record<string, string>, path = '/updates') =>
    new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('error', () => {});
    });
  const authorization = `Bearer ${token}`;
  expect(await statusOf({})).toBe(401);
  expect(await statusOf({ authorization: 'Bearer x.y.z' })).toBe(401);
  expect(await statusOf({ authorization }, '/updates?resume=yesterday')).toBe(400);
  expect(await statusOf({ authorization }, '/elsewhere')).toBe(404);
  expect((await call('GET', `${url}/updates`)).status).toBe(426);
  const chatty = connectClient(url, token);
  await chatty.welcomed();
  chatty.socket.send('x'.repeat(10_000));
  await vi.waitFor(() => expect(chatty.closes).toEqual([1009]), patience);
  await vi.waitFor(async () => {
    expect(await counted('websocket_disconnects_total', { reason: 'error' })).toBe(1);
  }, patience);
});

test('a browser sends its token as a protocol', async () => {
  const { url, token } = await start();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/updates`, ['sightline.v1', `bearer.${token}`]);
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  expect(socket.protocol).toBe('sightline.v1');
});

test('the websocket-drop fault cuts connections, and pushes to them fail', async () => {
  const { url, token, directory, publishChange, counted } = await start();
  writeFault(`${directory}/faults`, { service: 'backend-api', kind: 'websocket-drop', rate: 1, seconds: 60 });
  await vi.waitFor(async () => {
    const client = connectClient(url, token);
    await client.welcomed();
    await publishChange();
    await vi.waitFor(() => expect(client.closes).toEqual([1006]), { timeout: 3000, interval: 10 });
    expect(await counted('websocket_deliveries_total', { outcome: 'failure' })).toBeGreaterThan(0);
  }, patience);
  expect(await counted('websocket_disconnects_total', { reason: 'dropped' })).toBeGreaterThan(0);
});
