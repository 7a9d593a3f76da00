import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { entriesOf } from '../batch.ts';
import { oneEntry } from '../contract.ts';
import { openEmbeddedConsumer } from './embedded-consumer.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { verifyQueue } from './queue-doctor.ts';
import { queueFile } from './queue-file.ts';
import { repairQueue } from './queue-repair.ts';

const room = { maxBytes: 1e9, minFreeBytes: 0 };
const checksum = 'its checksum does not match its bytes';

async function queueOf(...messages: readonly string[]): Promise<string> {
  const directory = temporaryDirectory();
  const queue = await openEmbeddedQueue({ directory, ...room });
  await Promise.all(messages.map((message) => queue.append(oneEntry(message))));
  await queue.close();
  return directory;
}

function flipBitOf(directory: string, text: string): void {
  const bytes = readFileSync(queueFile(directory));
  const at = bytes.indexOf(text);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(queueFile(directory), bytes);
}

it('keeps what is whole under its number, puts the old file aside, and gives no number twice', async () => {
  const directory = await queueOf('one', 'second', 'three', 'fourth');
  flipBitOf(directory, 'fourth');
  flipBitOf(directory, 'second');
  const { kept, damages, aside } = repairQueue(directory);
  expect({ kept, damages }).toEqual({
    kept: 2,
    damages: [
      { batch: 2, reason: checksum },
      { batch: 4, reason: checksum },
    ],
  });
  expect(existsSync(aside)).toBe(true);
  expect(verifyQueue(directory)).toEqual({ batches: 2, entries: 2, damages: [], file: [] });
  const queue = await openEmbeddedQueue({ directory, ...room });
  await queue.append(oneEntry('five'));
  await queue.close();
  const consumer = openEmbeddedConsumer({
    directory,
    onDamage: ({ batch }) => expect.unreachable(`${batch} was named by the repair`),
    onLostProgress: (reason) => expect.unreachable(reason),
  });
  const batches = await consumer.read({ maxBytes: 1e6 });
  expect(batches.map((batch) => [batch.position, entriesOf(batch)[0]?.message])).toEqual([
    ['1', 'one'],
    ['3', 'three'],
    ['5', 'five'],
  ]);
  await consumer.close();
});

it('killed at any moment leaves a queue that has every batch, and can be run again', async () => {
  const names = Array.from({ length: 400 }, (_, index) => `batch ${index} ${'x'.repeat(20_000)}`);
  const directory = await queueOf(...names);
  const script = fileURLToPath(new URL('queue-repair.fixture.ts', import.meta.url));
  for (const ms of [150, 250, 350, 450]) {
    const child = spawn(process.execPath, [script, directory], { stdio: 'inherit' });
    const ended = once(child, 'exit');
    await Promise.race([ended, delay(ms)]);
    child.kill('SIGKILL');
    await ended;
    expect(verifyQueue(directory)).toEqual({ batches: 400, entries: 400, damages: [], file: [] });
  }
  expect(repairQueue(directory).kept).toBe(400);
  expect(readdirSync(directory).filter((name) => name.includes('repaired'))).toEqual([]);
}, 60_000);
