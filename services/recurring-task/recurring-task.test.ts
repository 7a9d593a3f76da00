import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { buildBackendApi } from '../backend-api/backend-api.ts';
import type { TaskPage } from '../backend-api/task-store.ts';
import { EmbeddedTransport } from '../kit/bus/embedded-transport.ts';
import { drainFor } from '../kit/testing/other-subscribers.ts';
import { sample, scrape } from '../kit/testing/samples.ts';
import { sampleTask, taskEvent } from '../kit/testing/tasks.ts';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { call, logIn, startTestService } from '../kit/testing/test-service.ts';
import { buildRecurringTask } from './recurring-task.ts';

const patience = { timeout: 10_000, interval: 20 };

test('the next occurrence is created once, in the same request and trace', async () => {
  const directory = temporaryDirectory();
  const api = await startTestService('backend-api', buildBackendApi, directory);
  const env = { BACKEND_API_URL: api.url };
  const recurring = await startTestService('recurring-task', buildRecurringTask, directory, env);
  const bus = new EmbeddedTransport({ path: join(directory, 'event-bus.sqlite'), subscriber: 'backend-api' });
  onTestFinished(() => bus.stop());
  await drainFor(directory, ['notification', 'sync', 'audit']);
  const task = sampleTask({ recurrence: 'weekly', due_at: '2020-01-01T09:00:00Z', done: true });
  const processed = async () =>
    sample(await scrape(recurring.url), 'events_processed_total', {
      topic: 'task-events',
      outcome: 'success',
    });

  await bus.publish(taskEvent('sightline.task.completed', task, 'completion'));
  // The created task's own event comes back as the second.
  await vi.waitFor(async () => expect(await processed()).toBe(2), patience);
  await bus.publish(taskEvent('sightline.task.completed', sampleTask({ done: true })));
  await vi.waitFor(async () => {
    await bus.publish(taskEvent('sightline.task.completed', task, 'completion'));
    expect(await processed()).toBeGreaterThan(3);
  }, patience);

  const token = await logIn(api.url);
  const { tasks } = (await call<TaskPage>('GET', `${api.url}/tasks`, { token })).body;
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toMatchObject({ title: task.title, recurrence: 'weekly', done: false });
  const created = api.lines.find(({ message }) => message === 'task created');
  expect(created).toMatchObject({
    request_id: 'request-1',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    user_id: 'service:recurring-task',
  });
  const { body } = await call<{ occurrences: object[] }>('GET', `${recurring.url}/occurrences`);
  expect(body.occurrences).toMatchObject([{ event_id: 'completion', next_task_id: tasks[0]?.id }]);
  const metrics = await scrape(recurring.url);
  expect(sample(metrics, 'recurring_tasks_created_total', { outcome: 'success' })).toBe(1);
  expect(sample(metrics, 'recurring_task_creation_duration_seconds_count')).toBe(1);
});

test('while backend-api is away, it tries again and counts the failure', async () => {
  const directory = temporaryDirectory();
  const env = { BACKEND_API_URL: 'http://127.0.0.1:1' };
  const recurring = await startTestService('recurring-task', buildRecurringTask, directory, env);
  const bus = new EmbeddedTransport({ path: join(directory, 'event-bus.sqlite'), subscriber: 'backend-api' });
  onTestFinished(() => bus.stop());
  await bus.publish(taskEvent('sightline.task.completed', sampleTask({ recurrence: 'daily', done: true })));
  await vi.waitFor(async () => {
    const metrics = await scrape(recurring.url);
    expect(sample(metrics, 'recurring_tasks_created_total', { outcome: 'failure' })).toBeGreaterThan(0);
    const retries = { topic: 'task-events', outcome: 'retry' };
    expect(sample(metrics, 'events_processed_total', retries)).toBeGreaterThan(0);
    expect(sample(metrics, 'event_consumer_lag', { topic: 'task-events' })).toBe(1);
  }, patience);
});
