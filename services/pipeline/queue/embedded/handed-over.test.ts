import { expect, it } from 'vitest';
import { handedOver } from './handed-over.ts';

const large = 100_000;
/** Each is copied to the others, and its own memory given back. */
const copied = 5000;
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const batch = (body: Uint8Array) => ({ organization: 'acme', count: 1, body });

it('keeps small and large bodies in their order', () => {
  const lengths = [10, large, copied, 20, copied, 0, large, copied];
  const bodies = () => lengths.map(filled);
  const { batches } = handedOver(bodies().map(batch));
  expect(batches.map(({ body }) => Buffer.from(body))).toEqual(bodies().map((body) => Buffer.from(body)));
});

it('hands over no memory that others use', () => {
  const [pool, whole] = [new Uint8Array(2 * large), filled(large, 1)];
  const { memory } = handedOver([pool.subarray(0, 10), pool.subarray(10, 10 + large), whole].map(batch));
  expect(memory).not.toContain(pool.buffer);
  expect(memory).toContain(whole.buffer);
});
