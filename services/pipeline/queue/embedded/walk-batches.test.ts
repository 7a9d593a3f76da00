import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { entriesOf } from '../batch.ts';
import { oneEntry } from '../contract.ts';
import { openEmbeddedConsumer } from './embedded-consumer.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { verifyQueue } from './queue-doctor.ts';
import { queueFile } from './queue-file.ts';
import { type Damage, numbersOf } from './walk-batches.ts';

const names = Array.from({ length: 12 }, (_, index) => `batch-${index + 1} ${'x'.repeat(900)}`);
const tries = Number(process.env.FLIPS ?? 40);

async function drained(directory: string) {
  const health = verifyQueue(directory);
  const damages: Damage[] = [];
  const consumer = openEmbeddedConsumer({
    directory,
    onDamage: (damage) => damages.push(damage),
    onLostProgress: (reason) => expect.unreachable(reason),
  });
  try {
    const given: (readonly [number: number, message: string])[] = [];
    for (;;) {
      const batches = await consumer.read({ maxBytes: 3000 });
      if (batches.length === 0) return { given, damages, health };
      given.push(
        ...batches.map((batch) => [Number(batch.position), entriesOf(batch)[0]?.message ?? ''] as const),
      );
    }
  } finally {
    await consumer.close();
  }
}

it('with one flipped bit anywhere each batch is given as it was or named, or the file is refused', async () => {
  const source = temporaryDirectory();
  const queue = await openEmbeddedQueue({ directory: source, maxBytes: 1e9, minFreeBytes: 0 });
  for (const name of names) await queue.append(oneEntry(name));
  await queue.close();
  const whole = readFileSync(queueFile(source));
  const directory = temporaryDirectory();
  for (let count = 0; count < tries; count += 1) {
    const flipped = Buffer.from(whole);
    const [at, bit] = [randomInt(flipped.length), randomInt(8)];
    flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
    const trial = `${directory}/${count}`;
    mkdirSync(trial);
    writeFileSync(queueFile(trial), flipped);
    const where = `byte ${at}, bit ${bit}`;
    const found = await drained(trial).catch((error: unknown) => error);
    if (found instanceof Error) {
      expect(found.message, where).toMatch(/SL1702|malformed|not a database|unsupported|no such|syntax/);
      continue;
    }
    const { given, damages, health } = found as Awaited<ReturnType<typeof drained>>;
    for (const [number, message] of given) expect(message, where).toBe(names[number - 1]);
    const accounted = new Set([...given.map(([number]) => number), ...damages.flatMap(numbersOf)]);
    expect([...accounted].sort((a, b) => a - b).slice(0, 12), where).toEqual(
      names.map((_, index) => index + 1),
    );
    if (damages.length > 0) expect(health.damages.length + health.file.length, where).toBeGreaterThan(0);
  }
}, 120_000);
