import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { oneEntry } from '../contract.ts';
import { cursorFile } from './cursor-file.ts';
import { openEmbeddedConsumer } from './embedded-consumer.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { dumpQueue, verifyQueue } from './queue-doctor.ts';
import { queueFile } from './queue-file.ts';
import { repairQueue } from './queue-repair.ts';
import type { Damage } from './walk-batches.ts';

const room = { maxBytes: 1e9, minFreeBytes: 0 };
const limit = { maxBytes: 1e6 };

async function queueOf(...messages: readonly string[]): Promise<string> {
  const directory = temporaryDirectory();
  const queue = await openEmbeddedQueue({ directory, ...room });
  for (const message of messages) await queue.append(oneEntry(message));
  await queue.close();
  return directory;
}

function flipBitOf(directory: string, text: string): void {
  const bytes = readFileSync(queueFile(directory));
  const at = bytes.indexOf(text);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(queueFile(directory), bytes);
}

const consumerOf = (directory: string) =>
  openEmbeddedConsumer({
    directory,
    onDamage: ({ reason }) => expect.unreachable(reason),
    onLostProgress: (reason) => expect.unreachable(reason),
  });

/** Notes batches by their number as stored. */
async function commit(directory: string, ...numbers: readonly number[]): Promise<void> {
  const consumer = consumerOf(directory);
  const batches = await consumer.read(limit);
  await consumer.commit(batches.filter(({ position }) => numbers.includes(Number(position))));
  await consumer.close();
}

function printed(directory: string) {
  const lines: unknown[] = [];
  const damages: Damage[] = [];
  dumpQueue(
    directory,
    (json) => lines.push(JSON.parse(json)),
    (damage) => damages.push(damage),
  );
  return { lines, damages };
}

const damaged = [{ batch: 2, reason: 'its checksum does not match its bytes' }];

it('a whole queue is found whole, even while it is written', async () => {
  const directory = await queueOf('one', 'two');
  const queue = await openEmbeddedQueue({ directory, ...room });
  expect(verifyQueue(directory)).toEqual({ batches: 2, entries: 2, damages: [], file: [] });
  await queue.close();
});

it('a flipped bit is named', async () => {
  const directory = await queueOf('one', 'flipped', 'three');
  flipBitOf(directory, 'flipped');
  expect(verifyQueue(directory)).toEqual({ batches: 2, entries: 2, damages: damaged, file: [] });
});

it('a damaged page is said, and what can be read still is', async () => {
  const directory = await queueOf('one', 'x'.repeat(20_000), 'three');
  const bytes = readFileSync(queueFile(directory));
  // The first page of the table's tree, by its cells, loses its kind.
  bytes.fill(0xff, 4096, 4100);
  writeFileSync(queueFile(directory), bytes);
  const { file, damages } = verifyQueue(directory);
  expect(file.length + damages.length).toBeGreaterThan(0);
});

it('looks at what waits and at nothing else, and names each number that is missing', async () => {
  const directory = await queueOf('one', 'two', 'three', 'four', 'five', 'six');
  await commit(directory, 1, 3);
  const database = new DatabaseSync(queueFile(directory));
  database.exec('DELETE FROM batches WHERE seq IN (1, 3, 4, 6)');
  database.close();
  const missing = { reason: 'it is missing from the file' };
  expect(verifyQueue(directory)).toEqual({
    batches: 2,
    entries: 2,
    damages: [
      { batch: 4, ...missing },
      { batch: 6, ...missing },
    ],
    file: [],
  });
});

it('sees one moment of a queue that is written and trimmed all the time', async () => {
  const directory = await queueOf('first');
  const queue = await openEmbeddedQueue({ directory, ...room });
  const consumer = consumerOf(directory);
  for (let round = 0; round < 60; round += 1) {
    await Promise.all([queue.append(oneEntry(`a ${round}`)), queue.append(oneEntry(`b ${round}`))]);
    expect(verifyQueue(directory).damages).toEqual([]);
    await consumer.commit(await consumer.read(limit));
  }
  await Promise.all([queue.close(), consumer.close()]);
});

it('says that a cursor is damaged, and what then counts as waiting', async () => {
  const directory = await queueOf('one', 'two');
  await commit(directory, 1);
  const database = new DatabaseSync(cursorFile(directory));
  database.exec('UPDATE cursor SET seq = 2');
  database.close();
  expect(verifyQueue(directory)).toMatchObject({
    batches: 2,
    file: ['the cursor 2 does not match its checksum'],
  });
});

it('a directory without a queue is an error, and none is made there', () => {
  const directory = temporaryDirectory();
  expect(() => verifyQueue(directory)).toThrow(/SL1724/);
  expect(() => printed(directory)).toThrow(/SL1724/);
  expect(() => repairQueue(directory)).toThrow(/SL1724/);
  expect(existsSync(queueFile(directory))).toBe(false);
});

it('everything that waits can be printed, each with its organization, and what is left out is named', async () => {
  const directory = await queueOf('stored', 'flipped', 'three');
  await commit(directory, 1);
  flipBitOf(directory, 'flipped');
  const { lines, damages } = printed(directory);
  expect(lines).toMatchObject([{ organization: 'acme', message: 'three' }]);
  expect(damages).toEqual(damaged);
});

it('repair is refused while the gateway runs', async () => {
  const directory = await queueOf('one');
  const queue = await openEmbeddedQueue({ directory, ...room });
  expect(() => repairQueue(directory)).toThrow(/SL1720/);
  await queue.close();
});
