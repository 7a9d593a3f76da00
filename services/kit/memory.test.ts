import { expect, it } from 'vitest';
import { giveBack, inMemoryOfItsOwn } from './memory.ts';

const length = 100_000;

it('gives back memory that is all of its own', () => {
  const bytes = Buffer.allocUnsafeSlow(length);
  giveBack(bytes);
  expect(bytes.byteLength).toBe(0);
});

it('leaves memory that others share, and what is small', () => {
  const [shared, small] = [new Uint8Array(2 * length), new Uint8Array(10)];
  giveBack(shared.subarray(0, length));
  giveBack(small);
  expect([shared.byteLength, small.byteLength]).toEqual([2 * length, 10]);
});

it('can give back what was given back, or handed over', () => {
  const bytes = new Uint8Array(length);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  giveBack(bytes);
  giveBack(bytes);
  expect(bytes.byteLength).toBe(0);
});

it('copies what others share before it is handed over', () => {
  const shared = new Uint8Array(2 * length).fill(7);
  const own = inMemoryOfItsOwn(shared.subarray(0, length));
  expect(own.buffer).not.toBe(shared.buffer);
  expect(own).toEqual(shared.subarray(0, length));
});
