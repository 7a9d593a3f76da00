import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { oneEntry } from '../contract.ts';
import { entriesOf } from '../log-queue.ts';
import { type Damage, openEmbeddedConsumer } from './embedded-consumer.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { dumpQueue, repairQueue, verifyQueue } from './queue-doctor.ts';
import { queueFile } from './queue-file.ts';

const room = { maxBytes: 1e9, minFreeBytes: 0 };

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

it('everything that waits can be printed, each with its organization', async () => {
  const directory = await queueOf('one', 'flipped', 'three');
  flipBitOf(directory, 'flipped');
  const printed = [...dumpQueue(directory)].map((line) => JSON.parse(line));
  expect(printed).toMatchObject([
    { organization: 'acme', message: 'one' },
    { organization: 'acme', message: 'three' },
  ]);
});

it('repair keeps what is whole under its number, puts the old file aside, and gives no number twice', async () => {
  const directory = await queueOf('one', 'flipped', 'three');
  flipBitOf(directory, 'flipped');
  const { kept, damages, aside } = repairQueue(directory);
  expect({ kept, damages }).toEqual({ kept: 2, damages: damaged });
  expect(existsSync(aside)).toBe(true);
  expect(verifyQueue(directory)).toMatchObject({ batches: 2, damages: [], file: [] });
  const queue = await openEmbeddedQueue({ directory, ...room });
  await queue.append(oneEntry('four'));
  await queue.close();
  const found: Damage[] = [];
  const consumer = openEmbeddedConsumer({
    directory,
    onDamage: (damage) => found.push(damage),
    onLostProgress: (reason) => expect.unreachable(reason),
  });
  const batches = await consumer.read({ maxBytes: 1e6 });
  expect(batches.map((batch) => [batch.position, entriesOf(batch)[0]?.message])).toEqual([
    ['1', 'one'],
    ['3', 'three'],
    ['4', 'four'],
  ]);
  await consumer.close();
});

it('repair is refused while the gateway runs', async () => {
  const directory = await queueOf('one');
  const queue = await openEmbeddedQueue({ directory, ...room });
  expect(() => repairQueue(directory)).toThrow(/SL1720/);
  await queue.close();
});
