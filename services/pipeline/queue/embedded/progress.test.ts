import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { entriesOf } from '../batch.ts';
import { oneEntry } from '../contract.ts';
import type { QueuedBatch } from '../log-queue.ts';
import { cursorFile } from './cursor-file.ts';
import { openEmbeddedConsumer } from './embedded-consumer.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { queueFile } from './queue-file.ts';

const limit = { maxBytes: 1_000_000 };
/** Of the bytes in use so many are tried in one run: one in this. */
const everyByte = 25;
const patience = { timeout: 30_000 };

async function openQueue(directory: string, onTrouble: (reason: string) => void = () => {}) {
  const queue = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 0, onTrouble });
  onTestFinished(() => queue.close());
  return queue;
}

/** Reads what there is, commits the numbered ones, and ends. Gives the numbers it got and what it said was lost. */
async function consume(directory: string, commits: (batch: QueuedBatch) => boolean) {
  const lost: string[] = [];
  const damages: number[] = [];
  const consumer = openEmbeddedConsumer({
    directory,
    onDamage: ({ batch }) => damages.push(batch),
    onLostProgress: (reason) => lost.push(reason),
  });
  const batches = await consumer.read(limit);
  await consumer.commit(batches.filter(commits));
  await consumer.close();
  return { numbers: batches.map(({ position }) => Number(position)), batches, lost, damages };
}

/** Changes what is written without its checksum, as a flipped bit does. */
function tamper(directory: string, sql: string): void {
  const database = new DatabaseSync(cursorFile(directory));
  database.exec(sql);
  database.close();
}

const waitingIn = (directory: string): number => {
  const database = new DatabaseSync(queueFile(directory), { readOnly: true });
  const count = Number(database.prepare('SELECT count(*) AS n FROM batches').get()?.n);
  database.close();
  return count;
};

it('a flipped bit of the cursor is named, deletes nothing, and all that waits comes again', async () => {
  const directory = temporaryDirectory();
  const troubles: string[] = [];
  const queue = await openQueue(directory, (reason) => troubles.push(reason));
  for (const message of ['one', 'two', 'three', 'four']) await queue.append(oneEntry(message));
  await consume(directory, ({ position }) => position === '1');
  await vi.waitFor(() => expect(waitingIn(directory)).toBe(3), patience);

  tamper(directory, 'UPDATE cursor SET seq = seq + 2');
  await vi.waitFor(() => expect(troubles).toEqual(['the cursor 3 does not match its checksum']), patience);
  expect(waitingIn(directory)).toBe(3);

  const again = await consume(directory, () => true);
  expect(again).toMatchObject({
    numbers: [2, 3, 4],
    lost: ['the cursor 3 does not match its checksum'],
    damages: [],
  });
  await vi.waitFor(() => expect(waitingIn(directory)).toBe(0), patience);
  expect((await consume(directory, () => true)).lost).toEqual([]);
});

it('a flipped bit of a note of what is stored is named, and its batch comes again', async () => {
  const directory = temporaryDirectory();
  const queue = await openQueue(directory);
  for (const message of ['one', 'two', 'three']) await queue.append(oneEntry(message));
  await consume(directory, ({ position }) => position === '3');
  tamper(directory, 'UPDATE done SET seq = 2');
  const { batches, lost, damages } = await consume(directory, () => true);
  expect(batches.map((batch) => entriesOf(batch)[0]?.message)).toEqual(['one', 'two', 'three']);
  expect(lost).toEqual(['the note of the stored batch 2 does not match its checksum']);
  expect(damages).toEqual([]);
});

it('a file of progress that cannot be read is put aside by name, and all that waits comes again', async () => {
  const directory = temporaryDirectory();
  const queue = await openQueue(directory);
  for (const message of ['one', 'two']) await queue.append(oneEntry(message));
  await consume(directory, ({ position }) => position === '1');
  await vi.waitFor(() => expect(waitingIn(directory)).toBe(1), patience);
  writeFileSync(cursorFile(directory), Buffer.alloc(8192, 'x'));
  const { numbers, lost } = await consume(directory, () => true);
  expect(numbers).toEqual([2]);
  expect(lost).toEqual([expect.stringMatching(/^file is not a database; the file is kept as .*\.damaged$/)]);
  await vi.waitFor(() => expect(waitingIn(directory)).toBe(0), patience);
});

it('no single flipped bit of the file of progress loses a batch, or hides one', async () => {
  const directory = temporaryDirectory();
  const queue = await openQueue(directory);
  for (const message of ['one', 'two', 'three', 'four']) await queue.append(oneEntry(message));
  await consume(directory, ({ position }) => position === '1' || position === '3');
  await queue.close();
  const whole = readFileSync(cursorFile(directory));
  const inUse = [...whole.keys()].filter((at) => whole.readUInt8(at) !== 0);
  // Every byte takes half a minute; begun elsewhere each time, all have their turn.
  const first = Math.floor(Math.random() * everyByte);
  for (const at of inUse.filter((_, index) => index % everyByte === first)) {
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
    writeFileSync(cursorFile(directory), flipped);
    const { numbers } = await consume(directory, () => false);
    expect(numbers, `byte ${at}`).toEqual(expect.arrayContaining([2, 4]));
  }
}, 60_000);
