import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { SightlineError } from '../../../../telemetry/errors.ts';
import { temporaryDirectory } from '../../../kit/testing/temporary-directory.ts';
import { describeLogQueue, oneEntry } from '../contract.ts';
import { entriesOf, QueueFullError } from '../log-queue.ts';
import { type Damage, openEmbeddedConsumer } from './embedded-consumer.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { queueFile } from './queue-file.ts';

const room = { maxBytes: 100_000_000, minFreeBytes: 0 };
const limit = { maxBytes: 1_000_000 };
const refuseDamage = (damage: Damage): never => {
  throw new Error(`damage in a whole queue: ${damage.reason}`);
};

describeLogQueue('the embedded queue', async () => {
  const directory = temporaryDirectory();
  return {
    openQueue: () => openEmbeddedQueue({ directory, ...room }),
    openConsumer: async () => openEmbeddedConsumer({ directory, onDamage: refuseDamage }),
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
    const consumer = openEmbeddedConsumer({ directory, onDamage: refuseDamage });
    expect(() => openEmbeddedConsumer({ directory, onDamage: refuseDamage })).toThrow(/SL1720/);
    await consumer.close();
  });
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
    const consumer = openEmbeddedConsumer({ directory, onDamage: refuseDamage });
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
    const consumer = openEmbeddedConsumer({ directory, onDamage: (damage) => damages.push(damage) });
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
    const options = { directory, onDamage: (damage: Damage) => damages.push(damage) };
    const consumer = openEmbeddedConsumer(options);
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
