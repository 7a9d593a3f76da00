import { expect, it } from 'vitest';
import type { QueuedBatch } from '../log-queue.ts';
import { ReadyBatches } from './ready-batches.ts';

const batch = (position: string, organization: string, bytes = 10): QueuedBatch => ({
  ...{ position, organization, count: 1, appendedAt: 0 },
  body: new Uint8Array(bytes),
});
const positions = (batches: readonly QueuedBatch[]) => batches.map(({ position }) => position);
const skip: ReadonlySet<string> = new Set(['stuck']);

it('gives no more than asked for, at least one, and keeps the order of each organization', () => {
  const ready = new ReadyBatches();
  ready.add([
    batch('1', 'stuck'),
    batch('2', 'well'),
    batch('3', 'stuck'),
    batch('4', 'well'),
    batch('5', 'well'),
  ]);
  expect(positions(ready.take({ maxBytes: 20, skip }))).toEqual(['2', '4']);
  ready.add([batch('6', 'stuck')]);
  expect(positions(ready.take({ maxBytes: 1 }))).toEqual(['1']);
  expect(positions(ready.take({ maxBytes: 1000 }))).toEqual(['3', '5', '6']);
});

it('gives nothing after the first that does not fit, so that a small one overtakes no large one', () => {
  const ready = new ReadyBatches();
  ready.add([batch('1', 'well', 10), batch('2', 'well', 100), batch('3', 'well', 10)]);
  expect(positions(ready.take({ maxBytes: 25 }))).toEqual(['1']);
});

it('goes on to be filled while one organization is passed over, but not without end', () => {
  const ready = new ReadyBatches();
  for (let part = 0; part < 6; part += 1) ready.add([batch(`${part}`, 'stuck', 1_000_000)]);
  expect(ready.isFull).toBe(true);
  expect(ready.take({ maxBytes: 1, skip })).toEqual([]);
  expect(ready.isFull).toBe(false);
  for (let part = 6; part < 64; part += 1) ready.add([batch(`${part}`, 'stuck', 1_000_000)]);
  expect(ready.isFull).toBe(true);
  ready.keep(({ position }) => position === '7');
  expect(ready.isFull).toBe(false);
  expect(positions(ready.take({ maxBytes: 1 }))).toEqual(['7']);
});
