import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { CloudEvent } from '../kit/bus/cloud-event.ts';
import { parseEvent } from '../kit/bus/cloud-event.ts';
import { EmbeddedTransport } from '../kit/bus/embedded-transport.ts';
import { writeFault } from '../kit/faults/file.ts';
import { noTrouble } from '../kit/testing/no-trouble.ts';
import { sample, scrape } from '../kit/testing/samples.ts';
import { sampleTask, taskEvent } from '../kit/testing/tasks.ts';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { call, startTestService } from '../kit/testing/test-service.ts';
import { changeOf } from './change.ts';
import { buildSync } from './sync.ts';

const patience = { timeout: 10_000, interval: 20 };

test('a change carries only what changed', () => {
  const task = sampleTask({ notes: 'new', done: true, version: 4 });
  const data = { task, changed: ['notes', 'done'] as ('notes' | 'done')[], actor: 'demo-01' };
  expect(changeOf('sightline.task.updated', data)).toEqual({
    owner: 'demo-01',
    task_id: task.id,
    version: 4,
    change: 'updated',
    fields: { notes: 'new', done: true },
    changed_at: task.updated_at,
  });
  expect(changeOf('sightline.task.deleted', { ...data, changed: [] })).toMatchObject({
    change: 'deleted',
    fields: {},
  });
});

async function start() {
  const directory = temporaryDirectory();
  const service = await startTestService('sync', buildSync, directory);
  const bus = new EmbeddedTransport({ path: join(directory, 'event-bus.sqlite'), subscriber: 'backend-api' });
  onTestFinished(() => bus.stop());
  return { ...service, directory, bus };
}

test('each task event is handed on as a change that backend-api understands', async () => {
  const { url, bus } = await start();
  const received: CloudEvent[] = [];
  await bus.start(
    ['task-updates'],
    async ({ event }) => {
      received.push(event as CloudEvent);
      return { outcome: 'success' };
    },
    noTrouble,
  );
  await bus.publish(taskEvent('sightline.task.updated', sampleTask(), 'cause'));
  await vi.waitFor(() => expect(received).toHaveLength(1), patience);
  expect(received[0]).toMatchObject({ id: 'cause:change', requestid: 'request-1' });
  expect(received[0]?.traceparent).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(parseEvent('task-updates', received[0]).ok).toBe(true);
  await vi.waitFor(async () => {
    const metrics = await scrape(url);
    expect(sample(metrics, 'sync_changes_pushed_total', { outcome: 'success' })).toBe(1);
    expect(sample(metrics, 'sync_event_latency_seconds_count')).toBe(1);
  }, patience);
  expect((await call('GET', `${url}/status`)).body).toMatchObject({ pushed: 1, failed: 0 });
});

test('what cannot be handed on is counted and tried again', async () => {
  const { url, bus, directory } = await start();
  writeFault(`${directory}/faults`, { service: 'sync', kind: 'event-publish', rate: 1, seconds: 60 });
  await vi.waitFor(async () => {
    await bus.publish(taskEvent('sightline.task.updated', sampleTask()));
    const metrics = await scrape(url);
    expect(sample(metrics, 'sync_changes_pushed_total', { outcome: 'failure' })).toBeGreaterThan(0);
    expect(
      sample(metrics, 'events_published_total', { topic: 'task-updates', outcome: 'failure' }),
    ).toBeGreaterThan(0);
  }, patience);
});
