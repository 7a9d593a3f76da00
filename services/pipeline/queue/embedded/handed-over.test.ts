import { expect, it } from 'vitest';
import { handedOver } from './handed-over.ts';

const large = 100_000;
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const batch = (body: Uint8Array) => ({ organization: 'acme', count: 1, body });

it('keeps small and large bodies in their order', () => {
  const bodies = [filled(10, 1), filled(large, 2), filled(20, 3), filled(0, 4), filled(large, 5)];
  const { batches } = handedOver(bodies.map(batch));
  expect(batches.map(({ body }) => Buffer.from(body))).toEqual(bodies.map((body) => Buffer.from(body)));
});

it('hands over no memory that others use', () => {
  const [pool, whole] = [new Uint8Array(2 * large), filled(large, 1)];
  const { memory } = handedOver([pool.subarray(0, 10), pool.subarray(10, 10 + large), whole].map(batch));
  expect(memory).not.toContain(pool.buffer);
  expect(memory).toContain(whole.buffer);
});
