import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { oneEntry } from './contract.ts';
import { openedBody, openedLength, storedBody } from './stored-body.ts';

const compressible = Buffer.from(oneEntry('paid '.repeat(5000)).body);

it('a body that gets smaller is kept compressed, and comes back as it was', () => {
  const stored = storedBody(compressible);
  expect(stored.byteLength).toBeLessThan(compressible.byteLength / 4);
  expect(openedLength(stored)).toBe(compressible.byteLength);
  expect(Buffer.compare(openedBody(stored), compressible)).toBe(0);
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a small one', Buffer.from(oneEntry('one').body)],
  ['one that gets no smaller', randomBytes(5000).fill(7, 0, 1)],
  ['one of JSON, of an earlier version', Buffer.from(JSON.stringify(['one']))],
])('%s is kept as it is', (_, body) => {
  expect(storedBody(body)).toBe(body);
  expect([openedBody(body), openedLength(body)]).toEqual([body, body.byteLength]);
});

it('what is not whole, or would be too large, is refused', () => {
  const stored = storedBody(compressible);
  expect(() => openedBody(stored.subarray(0, 100))).toThrow();
  expect(() => openedBody(Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow(
    'more than 268435456 bytes',
  );
});
