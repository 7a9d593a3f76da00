import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { entriesOf } from '../batch.ts';
import { oneEntry } from '../contract.ts';
import type { QueuedBatch } from '../log-queue.ts';
import { readProgress } from './cursor-file.ts';
import { openEmbeddedConsumer } from './embedded-consumer.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { queueFile } from './queue-file.ts';
import type { Damage } from './walk-batches.ts';

const limit = { maxBytes: 1_000_000 };
const skip: ReadonlySet<string> = new Set(['acme']);

async function openQueue(directory: string) {
  const queue = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 0 });
  onTestFinished(() => queue.close());
  return queue;
}

function openConsumer(directory: string, mostAhead?: number) {
  const damages: Damage[] = [];
  const consumer = openEmbeddedConsumer({
    directory,
    onDamage: (damage) => damages.push(damage),
    onLostProgress: (reason) => {
      throw new Error(reason);
    },
    ...(mostAhead === undefined ? {} : { mostAhead }),
  });
  return { consumer, damages };
}

const messages = (batches: readonly QueuedBatch[]) =>
  batches.flatMap((batch) => entriesOf(batch).map(({ message }) => message));

it('a long row of what is stored already is no end of the queue', async () => {
  const directory = temporaryDirectory();
  const queue = await openQueue(directory);
  const appends = Array.from({ length: 1500 }, (_, n) =>
    queue.append(oneEntry(`m ${n}`, n === 0 ? 'acme' : 'globex')),
  );
  await Promise.all(appends);
  const { consumer } = openConsumer(directory);
  const others: QueuedBatch[] = [];
  while (others.length < 1499) others.push(...(await consumer.read({ ...limit, skip })));
  await consumer.commit(others);
  await consumer.close();
  const { consumer: next } = openConsumer(directory);
  onTestFinished(() => next.close());
  expect(messages(await next.read(limit))).toEqual(['m 0']);
  await queue.append(oneEntry('new'));
  expect(messages(await next.read(limit))).toEqual(['new']);
});

it('the progress that is written down stays before what was passed over', async () => {
  const directory = temporaryDirectory();
  const queue = await openQueue(directory);
  for (const [message, organization] of [
    ['0', 'globex'],
    ['1', 'acme'],
    ['2', 'globex'],
    ['3', 'acme'],
  ] as const) {
    await queue.append(oneEntry(message, organization));
  }
  const { consumer } = openConsumer(directory);
  onTestFinished(() => consumer.close());
  await consumer.commit(await consumer.read({ ...limit, skip }));
  expect(readProgress(directory)).toMatchObject({ cursor: 1, done: new Set([3]) });
  const again = await consumer.read(limit);
  expect(messages(again)).toEqual(['1', '3']);
  await consumer.commit(again.slice(1));
  expect(readProgress(directory)).toMatchObject({ cursor: 1, done: new Set([3, 4]) });
  await consumer.commit(again.slice(0, 1));
  expect(readProgress(directory)).toMatchObject({ cursor: 4, done: new Set() });
});

it('what was passed over comes in parts, and what is newer of its organization after it', async () => {
  const directory = temporaryDirectory();
  const queue = await openQueue(directory);
  for (const message of ['1', '2', '3']) await queue.append(oneEntry(message));
  const { consumer } = openConsumer(directory);
  onTestFinished(() => consumer.close());
  expect(await consumer.read({ ...limit, skip })).toEqual([]);
  for (const message of ['4', '5']) await queue.append(oneEntry(message));
  const seen: string[] = [];
  for (let reads = 0; reads < 5; reads += 1) seen.push(...messages(await consumer.read({ maxBytes: 1 })));
  expect(seen).toEqual(['1', '2', '3', '4', '5']);
  expect(await consumer.state()).toMatchObject({ entries: 5 });
});

it('what is damaged while it is passed over is named and never given', async () => {
  const directory = temporaryDirectory();
  const queue = await openQueue(directory);
  for (const message of ['1', '2', '3', '4']) await queue.append(oneEntry(message));
  const { consumer, damages } = openConsumer(directory);
  onTestFinished(() => consumer.close());
  await consumer.read({ ...limit, skip });
  const database = new DatabaseSync(queueFile(directory), { timeout: 5000 });
  database.exec("UPDATE batches SET body = x'00' WHERE seq = 2; DELETE FROM batches WHERE seq = 3");
  database.close();
  const rest = await consumer.read(limit);
  expect(messages(rest)).toEqual(['1', '4']);
  expect(damages.map(({ batch }) => batch)).toEqual([2, 3]);
  await consumer.commit(rest);
  expect(readProgress(directory)).toMatchObject({ cursor: 4, done: new Set() });
  await vi.waitFor(async () => expect(await consumer.state()).toMatchObject({ entries: 0 }));
});

it('no more is taken ahead of what was passed over than can be remembered', async () => {
  const directory = temporaryDirectory();
  const queue = await openQueue(directory);
  await queue.append(oneEntry('stuck'));
  for (const message of ['1', '2', '3', '4']) await queue.append(oneEntry(message, 'globex'));
  const { consumer } = openConsumer(directory, 3);
  onTestFinished(() => consumer.close());
  const ahead = await consumer.read({ ...limit, skip });
  expect(messages(ahead)).toEqual(['1', '2']);
  await consumer.commit(ahead);
  expect(await consumer.read({ ...limit, skip })).toEqual([]);
  expect(messages(await consumer.read(limit))).toEqual(['stuck']);
});
