import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { noTrouble } from '../testing/no-trouble.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type CloudEvent, newEnvelope } from './cloud-event.ts';
import { EmbeddedTransport } from './embedded-transport.ts';
import type { Delivery, Verdict } from './event-bus.ts';

const patience = { timeout: 10_000, interval: 10 };
const success: Verdict = { outcome: 'success' };

function event(subject: string, id: string = crypto.randomUUID()): CloudEvent {
  return newEnvelope('sightline.task.updated', {}, { service: 'backend-api', subject, id });
}

function idOf(delivery: Delivery): string {
  return (delivery.event as CloudEvent).id;
}

function open(path: string, options: { retryDelayMs?: () => number; leaseMs?: number } = {}) {
  const transport = new EmbeddedTransport({ path, subscriber: 'audit', ...options });
  onTestFinished(() => transport.stop());
  return transport;
}

function busPath(): string {
  return join(temporaryDirectory(), 'bus.sqlite');
}

test('keeps events for a subscriber that has never run yet', async () => {
  const path = busPath();
  const publisher = new EmbeddedTransport({ path, subscriber: 'backend-api' });
  const published = [event('a', 'first'), event('b', 'second')];
  for (const one of published) await publisher.publish(one);
  await publisher.stop();
  const seen: string[] = [];
  await open(path).start(
    ['task-events'],
    async (delivery) => {
      seen.push(idOf(delivery));
      return success;
    },
    noTrouble,
  );
  await vi.waitFor(() => expect(seen.sort()).toEqual(['first', 'second']), patience);
});

test('takes an event published twice under one id once, while it waits', async () => {
  const transport = open(busPath());
  await transport.publish(event('a', 'same'));
  await transport.publish(event('a', 'same'));
  expect(transport.depth('task-events').lag).toBe(1);
});

test('keeps the order within a subject while others overtake', async () => {
  const transport = open(busPath(), { retryDelayMs: () => 150 });
  for (const id of ['a1', 'a2', 'a3']) await transport.publish(event('a', id));
  await transport.publish(event('b', 'b1'));
  const succeeded: string[] = [];
  await transport.start(
    ['task-events'],
    async (delivery) => {
      if (idOf(delivery) === 'a1' && delivery.attempt === 1) return { outcome: 'retry', reason: 'not yet' };
      succeeded.push(idOf(delivery));
      return success;
    },
    noTrouble,
  );
  await vi.waitFor(() => expect(succeeded).toEqual(['b1', 'a1', 'a2', 'a3']), patience);
  await vi.waitFor(
    () => expect(transport.depth('task-events')).toEqual({ lag: 0, deadLetters: 0 }),
    patience,
  );
});

test('delivers what another process publishes in less than 100 ms, at the median', async () => {
  const path = busPath();
  const subscriber = open(path);
  const arrivals = new Map<string, number>();
  await subscriber.start(
    ['task-events'],
    async (delivery) => {
      arrivals.set(idOf(delivery), performance.now());
      return success;
    },
    noTrouble,
  );
  const publisher = open(path);
  const delays: number[] = [];
  for (let index = 0; index < 15; index += 1) {
    const one = event(`subject-${index}`);
    const start = performance.now();
    await publisher.publish(one);
    await vi.waitFor(() => expect(arrivals.has(one.id)).toBe(true), { timeout: 10_000, interval: 2 });
    delays.push((arrivals.get(one.id) ?? 0) - start);
  }
  expect(delays.sort((a, b) => a - b)[7]).toBeLessThan(100);
});

test('delivers again what a subscriber held when it was killed', async () => {
  const path = busPath();
  const leaseMs = 400;
  const script = fileURLToPath(new URL('../testing/stuck-subscriber.ts', import.meta.url));
  const transport = open(path, { leaseMs });
  await transport.publish(event('a', 'held'));
  const child = spawn(process.execPath, [script, path, String(leaseMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const seen: [string, number][] = [];
  await transport.start(
    ['task-events'],
    async (delivery) => {
      seen.push([idOf(delivery), delivery.attempt]);
      return success;
    },
    noTrouble,
  );
  // It is alive, so it keeps its delivery beyond the lease's first length.
  await new Promise((resolve) => setTimeout(resolve, 2 * leaseMs));
  expect(seen).toEqual([]);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(seen).toEqual([['held', 2]]), patience);
});
