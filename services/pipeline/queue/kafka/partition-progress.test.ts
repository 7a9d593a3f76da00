import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QueuedBatch } from '../log-queue.ts';
import { PartitionProgress } from './partition-progress.ts';
import { positionOf, positionText } from './position.ts';

const at = (offset: bigint) => ({ topic: 'log-queue', partition: 3, offset });

function batchAt(offset: bigint, index: number): QueuedBatch {
  const body = new Uint8Array(10);
  return { position: positionText(at(offset), index), organization: 'acme', count: 2, body, appendedAt: 5 };
}

it('positions come back from their text', () => {
  expect(positionOf(positionText(at(12n), 4))).toEqual(at(12n));
});

it('commits nothing above what is not stored, in whatever order things are stored', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (counts, order) => {
        const progress = new PartitionProgress(100n);
        const batches = counts.map((count, index) =>
          Array.from({ length: count }, (_, part) => batchAt(100n + BigInt(index), part)),
        );
        for (const [index, made] of batches.entries()) progress.take(100n + BigInt(index), made);
        const open = batches.flat();
        expect(progress.openEntries).toBe(2 * open.length);
        while (open.length > 0) {
          const lowest =
            open
              .map(({ position }) => positionOf(position).offset)
              .sort((a, b) => Number(a - b))
              .at(0) ?? progress.next;
          expect(progress.due() ?? progress.committed).toBe(lowest);
          progress.setCommitted(lowest);
          const [stored] = open.splice(order.next().value % open.length, 1);
          const { position = '' } = stored ?? {};
          progress.done(positionOf(position).offset, position);
        }
        expect(progress.due() ?? progress.committed).toBe(100n + BigInt(counts.length));
        expect([progress.openBytes, progress.openEntries, progress.openOffsets]).toEqual([0, 0, 0]);
        expect(progress.oldestAt).toBeUndefined();
      },
    ),
  );
});

it('passes over what it never read, and what is stored twice', () => {
  const progress = new PartitionProgress(7n);
  progress.take(7n, [batchAt(7n, 0), batchAt(7n, 1)]);
  progress.done(9n, positionText(at(9n), 0));
  progress.done(7n, positionText(at(7n), 0));
  progress.done(7n, positionText(at(7n), 0));
  expect(progress.due()).toBeUndefined();
  expect(progress.openBytes).toBe(10);
});
