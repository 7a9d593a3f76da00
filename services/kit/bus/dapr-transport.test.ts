import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openSqlite } from '../sqlite.ts';
import { noTrouble } from '../testing/no-trouble.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { DaprTransport } from './dapr-transport.ts';
import { DeadLetterTable } from './dead-letters.ts';
import type { Verdict } from './event-bus.ts';

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
  const options = { httpPort: 1, pubsub: 'pubsub', subscriber: 'audit', ledgerPath, replayMs } as const;
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
