import { expect, it } from 'vitest';
import type { AdmittedEntry } from '../pipeline/entry.ts';
import { entriesOfStream } from '../pipeline/queue/batch.ts';
import { countOf, dividedAt, type Outgoing, parts } from './outgoing.ts';
import { ingested } from './testing/ingested.ts';

const ns = '1700000000000000000';
const entries = ['a1', 'b2', 'a3', 'b4', 'c5', 'a6'].map(
  (id): AdmittedEntry => ({
    ...{ id, timestamp_ns: ns, event_ns: ns, level: 'INFO', message: id, service: id.slice(0, 1) },
  }),
);
const outgoing = ingested('acme')(entries);
const idsOf = (some: readonly Outgoing[]) => some.flatMap(entriesOfStream).map(({ id }) => id);
const order = ['a1', 'a3', 'a6', 'b2', 'b4', 'c5'];

it('is divided anywhere', () => {
  for (let count = 0; count <= order.length + 1; count += 1) {
    const [first, rest] = dividedAt(outgoing, count);
    expect([idsOf(first), idsOf(rest)]).toEqual([order.slice(0, count), order.slice(count)]);
    expect(countOf(first) + countOf(rest)).toBe(order.length);
    expect([...first, ...rest].filter(({ entries: { count: none } }) => none === 0)).toEqual([]);
  }
});

it('parts keep the order and the size', () => {
  const size = (outgoing[0]?.entries.bytes.length ?? 0) / 3;
  const sizes = (most: number) => parts(outgoing, most).map(idsOf);
  expect(sizes(4 * size)).toEqual([order.slice(0, 4), order.slice(4)]);
  expect(sizes(2 * size)).toEqual([order.slice(0, 2), order.slice(2, 4), order.slice(4)]);
  expect(sizes(1)).toEqual(order.map((id) => [id]));
  expect(sizes(1000 * size)).toEqual([order]);
  expect(parts([], 10)).toEqual([]);
});
