import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createInstrumentation } from '../../telemetry/instrument/instrumentation.ts';
import { newEnvelope } from '../kit/bus/cloud-event.ts';
import { EmbeddedTransport } from '../kit/bus/embedded-transport.ts';
import { openDatabase } from '../kit/database.ts';
import { writeFault } from '../kit/faults/file.ts';
import { Faults } from '../kit/faults/injector.ts';
import { drainFor } from '../kit/testing/other-subscribers.ts';
import { sample, scrape } from '../kit/testing/samples.ts';
import { sampleTask, taskEvent } from '../kit/testing/tasks.ts';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { call, startTestService } from '../kit/testing/test-service.ts';
import { buildAudit } from './audit.ts';
import { migrations, type Tables } from './schema.ts';
import { AuditTrail, type Entry, firstBroken, type Statement } from './trail.ts';

const patience = { timeout: 10_000, interval: 20 };

function statement(eventId: string): Statement {
  return {
    event_id: eventId,
    type: 'sightline.task.created',
    subject: 'task-1',
    actor: 'demo-01',
    request_id: null,
    occurred_at: '2030-01-01T00:00:00.000Z',
    data: '{}',
  };
}

function openTrail(maxEntries: number): AuditTrail {
  const { logger } = createInstrumentation({ service: 'audit', env: {}, destination: { write() {} } });
  const faults = new Faults({ service: 'audit', directory: undefined, log: logger('faults') });
  const path = join(temporaryDirectory(), 'audit.sqlite');
  const database = openDatabase<Tables>({ path, migrations, faults, measure: () => {} });
  onTestFinished(() => database.destroy());
  return new AuditTrail(database, maxEntries);
}

test('entries are chained, and a changed or missing one is found', async () => {
  const trail = openTrail(1000);
  for (const id of ['a', 'b', 'c']) expect(await trail.append(statement(id))).toBe(true);
  expect(await trail.append(statement('b'))).toBe(false);
  const entries = (await trail.newest(10)).toReversed();
  expect(entries.map(({ event_id }) => event_id)).toEqual(['a', 'b', 'c']);
  expect(firstBroken(entries)).toBeUndefined();
  const forged = entries.map(
    (entry): Entry => (entry.event_id === 'b' ? { ...entry, actor: 'demo-02' } : entry),
  );
  expect(firstBroken(forged)?.event_id).toBe('b');
  expect(firstBroken(entries.filter(({ event_id }) => event_id !== 'b'))?.event_id).toBe('c');
});

test('the oldest entries make room, and the chain still holds', async () => {
  const trail = openTrail(3);
  for (const id of ['a', 'b', 'c', 'd', 'e']) await trail.append(statement(id));
  const entries = (await trail.newest(10)).toReversed();
  expect(entries.map(({ event_id }) => event_id)).toEqual(['c', 'd', 'e']);
  expect(firstBroken(entries)).toBeUndefined();
});

async function start() {
  const directory = temporaryDirectory();
  const service = await startTestService('audit', buildAudit, directory);
  await drainFor(directory, ['recurring-task', 'notification', 'sync']);
  const bus = new EmbeddedTransport({ path: join(directory, 'event-bus.sqlite'), subscriber: 'backend-api' });
  onTestFinished(() => bus.stop());
  return { ...service, directory, bus };
}

test('every event is written once; one that cannot be read is dead-lettered and stops no other', async () => {
  const { url, bus } = await start();
  await bus.publish(
    newEnvelope('sightline.task.updated', { poison: true }, { service: 'backend-api', subject: 'x' }),
  );
  await bus.publish(taskEvent('sightline.task.created', sampleTask(), 'event-1'));
  const count = async (outcome: string) =>
    sample(await scrape(url), 'events_processed_total', { topic: 'task-events', outcome });
  await vi.waitFor(
    async () => expect([await count('success'), await count('dead_letter')]).toEqual([1, 1]),
    patience,
  );
  await vi.waitFor(async () => {
    await bus.publish(taskEvent('sightline.task.created', sampleTask(), 'event-1'));
    expect(await count('success')).toBeGreaterThan(1);
  }, patience);
  const { body } = await call<{ entries: Entry[]; intact: boolean }>('GET', `${url}/entries?limit=10`);
  expect(body.intact).toBe(true);
  expect(body.entries).toMatchObject([{ event_id: 'event-1', actor: 'demo-01', request_id: 'request-1' }]);
  const metrics = await scrape(url);
  expect(sample(metrics, 'audit_entries_written_total', { outcome: 'success' })).toBe(1);
  await vi.waitFor(async () => {
    expect(sample(await scrape(url), 'event_dead_letters', { topic: 'task-events' })).toBe(1);
  }, patience);
});

test('an entry that could not be written is counted, and the event comes again', async () => {
  const { url, bus, directory } = await start();
  writeFault(`${directory}/faults`, { service: 'audit', kind: 'database', rate: 1, seconds: 60 });
  await vi.waitFor(async () => {
    await bus.publish(taskEvent('sightline.task.created', sampleTask()));
    const metrics = await scrape(url);
    expect(sample(metrics, 'audit_entries_written_total', { outcome: 'failure' })).toBeGreaterThan(0);
    expect(
      sample(metrics, 'events_processed_total', { topic: 'task-events', outcome: 'retry' }),
    ).toBeGreaterThan(0);
  }, patience);
});
