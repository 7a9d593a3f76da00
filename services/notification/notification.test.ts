import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { EmbeddedTransport } from '../kit/bus/embedded-transport.ts';
import { clearFaults, writeFault } from '../kit/faults/file.ts';
import { sample, scrape } from '../kit/testing/samples.ts';
import { sampleTask, taskEvent } from '../kit/testing/tasks.ts';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { call, startTestService } from '../kit/testing/test-service.ts';
import { buildNotification } from './notification.ts';
import type { ReminderRow } from './schema.ts';

const patience = { timeout: 10_000, interval: 20 };
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

async function start() {
  const directory = temporaryDirectory();
  const service = await startTestService('notification', buildNotification, directory);
  const bus = new EmbeddedTransport({ path: join(directory, 'event-bus.sqlite'), subscriber: 'backend-api' });
  onTestFinished(() => bus.stop());
  const audit = new EmbeddedTransport({ path: join(directory, 'event-bus.sqlite'), subscriber: 'audit' });
  onTestFinished(() => audit.stop());
  return {
    ...service,
    directory,
    publish: (...event: Parameters<typeof taskEvent>) => bus.publish(taskEvent(...event)),
    reminders: async () =>
      (await call<{ reminders: ReminderRow[] }>('GET', `${service.url}/reminders`)).body.reminders,
    counted: async (name: string, labels: Record<string, string> = {}) =>
      sample(await scrape(service.url), name, labels),
    /** Reminder events that wait for the audit. */
    remindersPublished: () => audit.depth('reminders').lag,
  };
}

test('a reminder is sent when it is due, in the request that asked for it', async () => {
  const { publish, reminders, counted, lines, remindersPublished } = await start();
  await publish('sightline.task.created', sampleTask({ remind_at: inMs(700) }));
  await vi.waitFor(async () => expect(await counted('reminders_scheduled_total')).toBe(1), patience);
  await vi.waitFor(async () => expect(await counted('reminders_pending')).toBe(1), patience);
  expect(await reminders()).toMatchObject([{ state: 'scheduled' }]);
  await vi.waitFor(
    async () => expect(await counted('reminders_sent_total', { outcome: 'success' })).toBe(1),
    patience,
  );
  expect(await reminders()).toMatchObject([{ state: 'sent' }]);
  expect(remindersPublished()).toBe(1);
  expect(await counted('reminder_delay_seconds_count')).toBe(1);
  expect(lines.find(({ message }) => message === 'reminder sent')).toMatchObject({
    request_id: 'request-1',
    user_id: 'demo-01',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  });
  await vi.waitFor(async () => expect(await counted('reminders_pending')).toBe(0), patience);
});

test('a reminder follows its task: moved, taken back, completed, deleted', async () => {
  const { publish, reminders } = await start();
  const task = sampleTask({ remind_at: inMs(60_000) });
  const state = async () => (await reminders())[0]?.state;
  const becomes = (expected: string) =>
    vi.waitFor(async () => expect(await state()).toBe(expected), patience);
  await publish('sightline.task.created', task);
  await becomes('scheduled');
  const moved = inMs(120_000);
  await publish('sightline.task.updated', { ...task, remind_at: moved, version: 2 });
  await vi.waitFor(async () => expect((await reminders())[0]?.remind_at).toBe(moved), patience);
  await publish('sightline.task.updated', { ...task, remind_at: null, version: 3 });
  await becomes('cancelled');
  await publish('sightline.task.updated', { ...task, remind_at: moved, version: 4 });
  await becomes('scheduled');
  await publish('sightline.task.completed', { ...task, remind_at: moved, done: true, version: 5 });
  await becomes('cancelled');
  await publish('sightline.task.updated', { ...task, remind_at: moved, version: 6 });
  await becomes('scheduled');
  await publish('sightline.task.deleted', { ...task, remind_at: moved, version: 7 });
  await becomes('cancelled');
});

test('an older version of a task changes nothing', async () => {
  const { publish, reminders, counted } = await start();
  const task = sampleTask({ remind_at: inMs(60_000), version: 5 });
  await publish('sightline.task.updated', task);
  await publish('sightline.task.updated', { ...task, remind_at: null, version: 4 });
  const processed = { topic: 'task-events', outcome: 'success' };
  await vi.waitFor(async () => expect(await counted('events_processed_total', processed)).toBe(2), patience);
  expect(await reminders()).toMatchObject([{ state: 'scheduled', task_version: 5 }]);
});

test('what cannot be sent is counted and sent later', async () => {
  const { publish, counted, directory, remindersPublished } = await start();
  writeFault(`${directory}/faults`, { service: 'notification', kind: 'event-publish', rate: 1, seconds: 60 });
  await vi.waitFor(async () => {
    await publish('sightline.task.created', sampleTask({ remind_at: inMs(0) }));
    expect(await counted('reminders_sent_total', { outcome: 'failure' })).toBeGreaterThan(0);
  }, patience);
  const scheduled = await counted('reminders_scheduled_total');
  clearFaults(`${directory}/faults`, 'notification');
  await vi.waitFor(async () => {
    expect(await counted('reminders_sent_total', { outcome: 'success' })).toBeGreaterThanOrEqual(scheduled);
  }, patience);
  expect(remindersPublished()).toBeGreaterThanOrEqual(scheduled);
});
