import { describe, expect, it, vi } from 'vitest';
import type { AdmittedEntry } from '../entry.ts';
import { batchOf, entriesOf } from './batch.ts';
import { BatchGoneError, type LogConsumer, type LogQueue, QueueClosedError } from './log-queue.ts';

/** One queue, which survives what opens and closes it. */
export interface QueueUnderTest {
  openQueue(): Promise<LogQueue>;
  openConsumer(): Promise<LogConsumer>;
}

const patience = { timeout: 30_000, interval: 20 };
const limit = { maxBytes: 1_000_000 };

function entry(message: string): AdmittedEntry {
  const timestamp_ns = '1700000000000000000';
  return {
    id: `id-${message}`,
    timestamp_ns,
    event_ns: timestamp_ns,
    level: 'INFO',
    message,
    service: 'shop',
  };
}

export const oneEntry = (message: string, organization = 'acme') => batchOf(organization, [entry(message)]);

/** Reads until `count` batches came; fails when they do not. */
async function take(consumer: LogConsumer, count: number, skip: ReadonlySet<string> = new Set()) {
  const taken = [...(await consumer.read({ ...limit, skip }))];
  await vi.waitFor(async () => {
    taken.push(...(await consumer.read({ ...limit, skip })));
    expect(taken.length).toBeGreaterThanOrEqual(count);
  }, patience);
  return taken;
}

const messages = (batches: Parameters<typeof entriesOf>[0][]) =>
  batches.flatMap((batch) => entriesOf(batch).map(({ message }) => message));

/** What every queue does. `make` gives a fresh, empty one. */
export function describeLogQueue(name: string, make: () => Promise<QueueUnderTest>): void {
  describe(name, () => {
    it('gives every batch whole, with its organization and trace, in order', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await queue.append(batchOf('acme', [entry('one'), entry('two ✓')], traceparent));
      await queue.append(oneEntry('three'));
      const taken = await take(consumer, 2);
      expect(messages(taken)).toEqual(['one', 'two ✓', 'three']);
      expect(taken[0]).toMatchObject({ organization: 'acme', count: 2, traceparent });
      expect(taken[1]).not.toHaveProperty('traceparent');
      await Promise.all([queue.close(), consumer.close()]);
    });

    it('gives the same batch once to one consumer', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      await queue.append(oneEntry('one'));
      expect(messages(await take(consumer, 1))).toEqual(['one']);
      await queue.append(oneEntry('two'));
      expect(messages(await take(consumer, 1))).toEqual(['two']);
      await Promise.all([queue.close(), consumer.close()]);
    });

    it('gives what was not committed again after a restart, and nothing else', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      for (const message of ['one', 'two', 'three']) await queue.append(oneEntry(message));
      const taken = await take(consumer, 3);
      await consumer.commit(taken.slice(0, 2));
      await consumer.close();
      const next = await under.openConsumer();
      expect(messages(await take(next, 1))).toEqual(['three']);
      await Promise.all([queue.close(), next.close()]);
    });

    it('keeps an earlier batch when a later one is committed before it', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      for (const message of ['one', 'two', 'three']) await queue.append(oneEntry(message));
      const [, second, third] = await take(consumer, 3);
      await consumer.commit([second, third].filter((batch) => batch !== undefined));
      await consumer.close();
      const next = await under.openConsumer();
      expect(messages(await take(next, 1))).toContain('one');
      await Promise.all([queue.close(), next.close()]);
    });

    it('keeps what was acknowledged when it is closed and opened', async () => {
      const under = await make();
      const queue = await under.openQueue();
      await queue.append(oneEntry('kept'));
      await queue.close();
      const reopened = await under.openQueue();
      await reopened.append(oneEntry('after'));
      const consumer = await under.openConsumer();
      expect(messages(await take(consumer, 2))).toEqual(['kept', 'after']);
      await Promise.all([reopened.close(), consumer.close()]);
    });

    it('acknowledges many appends at once, each of them', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      const all = Array.from({ length: 500 }, (_, index) => `entry ${index}`);
      const receipts = await Promise.all(all.map((message) => queue.append(oneEntry(message))));
      expect(receipts).toHaveLength(500);
      expect(messages(await take(consumer, 500)).sort()).toEqual([...all].sort());
      await Promise.all([queue.close(), consumer.close()]);
    });

    it('gives what came at once as it was, large and small', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      const all = Array.from({ length: 60 }, (_, index) => `${index} `.repeat((index % 12) ** 4));
      await Promise.all(all.map((message) => queue.append(oneEntry(message))));
      expect(messages(await take(consumer, all.length)).sort()).toEqual([...all].sort());
      await Promise.all([queue.close(), consumer.close()]);
    });

    it('says how much waits, and since when', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      const before = Date.now();
      await queue.append(batchOf('acme', [entry('one'), entry('two')]));
      await vi.waitFor(async () => expect(await consumer.state()).toMatchObject({ entries: 2 }), patience);
      const { oldestAt, bytes } = await consumer.state();
      expect(oldestAt).toBeGreaterThanOrEqual(before - 1000);
      expect(bytes).toBeGreaterThan(100);
      await consumer.commit(await take(consumer, 1));
      await vi.waitFor(
        async () => expect(await consumer.state()).toEqual({ entries: 0, bytes: 0 }),
        patience,
      );
      await Promise.all([queue.close(), consumer.close()]);
    });

    it('reads no more than asked for, but at least one batch', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      for (const message of ['one', 'two', 'three']) await queue.append(oneEntry(message));
      await vi.waitFor(async () => expect((await consumer.state()).entries).toBe(3), patience);
      const first = await vi.waitFor(async () => {
        const batches = await consumer.read({ maxBytes: 1 });
        expect(batches).toHaveLength(1);
        return batches;
      }, patience);
      expect(messages([...first])).toEqual(['one']);
      await Promise.all([queue.close(), consumer.close()]);
    });

    it('passes over an organization, and gives what it has in order once it is asked for', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      const globex = (message: string) => queue.append(oneEntry(message, 'globex'));
      await queue.append(oneEntry('one'));
      await globex('two');
      await queue.append(oneEntry('three'));
      await globex('four');
      const others = await take(consumer, 2, new Set(['acme']));
      expect(messages(others).sort()).toEqual(['four', 'two']);
      await consumer.commit(others);
      await vi.waitFor(async () => expect(await consumer.state()).toMatchObject({ entries: 2 }), patience);
      await queue.append(oneEntry('five'));
      await globex('six');
      const rest = await take(consumer, 4);
      const ofAcme = rest.filter(({ organization }) => organization === 'acme');
      expect(messages(ofAcme)).toEqual(['one', 'three', 'five']);
      expect(messages(rest).sort()).toEqual(['five', 'one', 'six', 'three']);
      await consumer.commit(rest);
      await vi.waitFor(async () => expect(await consumer.state()).toMatchObject({ entries: 0 }), patience);
      await Promise.all([queue.close(), consumer.close()]);
    });

    it('gives what was passed over again after a restart', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      await queue.append(oneEntry('one'));
      await queue.append(oneEntry('two', 'globex'));
      await consumer.commit(await take(consumer, 1, new Set(['acme'])));
      await consumer.close();
      const next = await under.openConsumer();
      expect(messages(await take(next, 1))).toContain('one');
      await Promise.all([queue.close(), next.close()]);
    });

    it('refuses a batch whose body it took before, and keeps it once', async () => {
      const under = await make();
      const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
      const large = oneEntry('no two are alike '.repeat(2000));
      await queue.append(large);
      await expect(queue.append(large)).rejects.toThrow(BatchGoneError);
      await queue.append(oneEntry('next'));
      expect(await take(consumer, 2)).toMatchObject([{ count: 1 }, { count: 1 }]);
      await Promise.all([queue.close(), consumer.close()]);
    });

    it('refuses after it was closed', async () => {
      const queue = await (await make()).openQueue();
      await queue.close();
      await expect(queue.append(oneEntry('late'))).rejects.toThrow(QueueClosedError);
    });
  });
}
