import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { SightlineError } from '../../../../telemetry/errors.ts';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { entriesOf } from '../batch.ts';
import { describeLogQueue, oneEntry } from '../contract.ts';
import { QueueFullError } from '../log-queue.ts';
import { openEmbeddedConsumer } from './embedded-consumer.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { queueFile } from './queue-file.ts';
import type { Damage } from './walk-batches.ts';

const room = { maxBytes: 100_000_000, minFreeBytes: 0 };
const limit = { maxBytes: 1_000_000 };
const refuseDamage = (damage: Damage): never => {
  throw new Error(`damage in a whole queue: ${damage.reason}`);
};

const openConsumer = (directory: string, onDamage: (damage: Damage) => void = refuseDamage) =>
  openEmbeddedConsumer({
    directory,
    onDamage,
    onLostProgress: (reason) => {
      throw new Error(`whole progress is lost: ${reason}`);
    },
  });

describeLogQueue('the embedded queue', async () => {
  const directory = temporaryDirectory();
  return {
    openQueue: () => openEmbeddedQueue({ directory, ...room }),
    openConsumer: async () => openConsumer(directory),
  };
});

async function withBatches(directory: string, messages: readonly string[]): Promise<void> {
  const queue = await openEmbeddedQueue({ directory, ...room });
  for (const message of messages) await queue.append(oneEntry(message));
  await queue.close();
}

describe('one process a role', () => {
  it('is refused to a second gateway, with the name of the first', async () => {
    const directory = temporaryDirectory();
    const queue = await openEmbeddedQueue({ directory, ...room });
    const second = openEmbeddedQueue({ directory, ...room });
    await expect(second).rejects.toThrow(SightlineError);
    await expect(second).rejects.toThrow(new RegExp(`SL1720 .*process ${process.pid} on `));
    await queue.close();
    await (await openEmbeddedQueue({ directory, ...room })).close();
  });

  it('is refused to a second ingestor', async () => {
    const directory = temporaryDirectory();
    const consumer = openConsumer(directory);
    expect(() => openConsumer(directory)).toThrow(/SL1720/);
    await consumer.close();
  });
});

it('counts a batch as what is stored of it, read or not, until it is committed', async () => {
  const directory = temporaryDirectory();
  const message = 'paid '.repeat(20_000);
  await withBatches(directory, [message]);
  const consumer = openConsumer(directory);
  const before = await consumer.state();
  expect(before.bytes).toBeGreaterThan(1000);
  expect(before.bytes).toBeLessThan(message.length / 2);
  const batches = await consumer.read(limit);
  expect(await consumer.state()).toEqual(before);
  await consumer.commit(batches);
  expect(await consumer.state()).toEqual({ entries: 0, bytes: 0 });
  await consumer.close();
});

describe('a full queue', () => {
  it('refuses with the time to wait, keeps nothing of it, and takes again once there is room', async () => {
    const directory = temporaryDirectory();
    const queue = await openEmbeddedQueue({ directory, maxBytes: 400, minFreeBytes: 0 });
    await queue.append(oneEntry('one'));
    await queue.append(oneEntry('two'));
    const refused = queue.append(oneEntry('three'.repeat(30)));
    await expect(refused).rejects.toThrow(QueueFullError);
    await expect(refused).rejects.toMatchObject({ reason: 'queue', retryAfterSeconds: 5 });
    const consumer = openConsumer(directory);
    const batches = await consumer.read(limit);
    expect(batches.map((batch) => entriesOf(batch)[0]?.message)).toEqual(['one', 'two']);
    await consumer.commit(batches);
    await vi.waitFor(() => expect(queue.state()).toMatchObject({ entries: 0, bytes: 0 }), {
      timeout: 30_000,
    });
    await queue.append(oneEntry('four'));
    await Promise.all([queue.close(), consumer.close()]);
  });

  it('refuses when the disk has less left than is to stay free', async () => {
    const directory = temporaryDirectory();
    const queue = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 1e15 });
    await expect(queue.append(oneEntry('one'))).rejects.toMatchObject({
      reason: 'disk',
      retryAfterSeconds: 30,
    });
    expect(queue.state().refusal).toBeInstanceOf(QueueFullError);
    expect(queue.state().bytesLeft).toBe(0);
    await queue.close();
  });
});

describe('a damaged batch', () => {
  it('with a flipped bit is named and kept aside, and the others are given', async () => {
    const directory = temporaryDirectory();
    await withBatches(directory, ['before', 'flipped', 'after']);
    const bytes = readFileSync(queueFile(directory));
    const at = bytes.indexOf('flipped');
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(queueFile(directory), bytes);

    const damages: Damage[] = [];
    const consumer = openConsumer(directory, (damage) => damages.push(damage));
    const batches = await consumer.read(limit);
    expect(batches.map((batch) => entriesOf(batch)[0]?.message)).toEqual(['before', 'after']);
    expect(damages).toEqual([{ batch: 2, reason: 'its checksum does not match its bytes' }]);
    await consumer.commit(batches);
    expect(await consumer.state()).toEqual({ entries: 0, bytes: 0 });
    await consumer.close();
  });

  it('that is gone is named', async () => {
    const directory = temporaryDirectory();
    await withBatches(directory, ['one', 'two', 'three']);
    const damages: Damage[] = [];
    const consumer = openConsumer(directory, (damage) => damages.push(damage));
    const [first] = await consumer.read({ maxBytes: 1 });
    await consumer.commit(first === undefined ? [] : [first]);
    const database = new DatabaseSync(queueFile(directory));
    database.exec('DELETE FROM batches WHERE seq = 2');
    database.close();
    expect((await consumer.read(limit)).map(({ position }) => position)).toEqual(['3']);
    expect(damages).toEqual([{ batch: 2, reason: 'it is missing from the file' }]);
    await consumer.close();
  });
});

it('numbers that the consumer knows are not given again when the queue’s file is replaced', async () => {
  const directory = temporaryDirectory();
  await withBatches(directory, ['one', 'two', 'three']);
  const consumer = openConsumer(directory);
  const [, second] = await consumer.read(limit);
  await consumer.commit(second === undefined ? [] : [second]);
  await consumer.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(queueFile(directory) + suffix, { force: true });

  await withBatches(directory, ['new one', 'new two']);
  const damages: Damage[] = [];
  const again = openConsumer(directory, (damage) => damages.push(damage));
  const batches = await again.read(limit);
  expect(batches.map((batch) => [batch.position, entriesOf(batch)[0]?.message])).toEqual([
    ['3', 'new one'],
    ['4', 'new two'],
  ]);
  await again.commit(batches);
  expect(await again.state()).toEqual({ entries: 0, bytes: 0 });
  await again.close();
});

describe('a corrupt page', () => {
  it('costs what is on it, by name, and all around it is given', async () => {
    const directory = temporaryDirectory();
    const names = ['one', 'two', 'three', 'four', 'five'];
    await withBatches(
      directory,
      // A row of them takes most of a page, compressed as it is.
      names.map((name) => `${name} ${randomBytes(1500).toString('base64')}`),
    );
    const bytes = readFileSync(queueFile(directory));
    const at = Math.floor(bytes.indexOf('three ') / 4096) * 4096;
    bytes.fill(0xff, at, at + 8);
    writeFileSync(queueFile(directory), bytes);

    const damages: Damage[] = [];
    const consumer = openConsumer(directory, (damage) => damages.push(damage));
    const batches = [...(await consumer.read(limit)), ...(await consumer.read(limit))];
    const given = batches.map((batch) => entriesOf(batch)[0]?.message.split(' ')[0]);
    expect(given).toEqual(['one', 'two', 'four', 'five']);
    expect(damages).toEqual([{ batch: 3, reason: 'database disk image is malformed' }]);
    await consumer.commit(batches);
    await consumer.close();
    const again = openConsumer(directory);
    expect(await again.read(limit)).toEqual([]);
    await again.close();
  });
});

describe('a failure of the writer', () => {
  it('with the consumer’s file is said and ends no acceptance', async () => {
    const directory = temporaryDirectory();
    const troubles: string[] = [];
    const options = { directory, ...room, onTrouble: (reason: string) => troubles.push(reason) };
    const queue = await openEmbeddedQueue(options);
    writeFileSync(join(directory, 'cursor.sqlite'), 'this is no database'.repeat(500));
    await vi.waitFor(() => expect(troubles).toEqual(['file is not a database']), { timeout: 30_000 });
    expect(await queue.append(oneEntry('one'))).toEqual({ durability: 'fsynced' });
    rmSync(join(directory, 'cursor.sqlite'));
    expect(await queue.append(oneEntry('two'))).toEqual({ durability: 'fsynced' });
    await queue.close();
    expect(troubles).toHaveLength(1);
  });

  it('to append is said, and closing does not wait for it', async () => {
    const directory = temporaryDirectory();
    const failures: string[] = [];
    const onFailure = ({ message }: Error) => failures.push(message);
    const queue = await openEmbeddedQueue({ directory, ...room, onFailure });
    const database = new DatabaseSync(queueFile(directory));
    database.exec('DROP TABLE batches');
    database.close();
    const append = queue.append(oneEntry('one'));
    const closed = queue.close();
    await expect(append).rejects.toThrow('the queue failed');
    await closed;
    expect(failures).toEqual(['the queue failed']);
  });
});
