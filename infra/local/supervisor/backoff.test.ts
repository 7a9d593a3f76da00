import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('doubles from 200 ms and stays at 30 s', () => {
  expect([1, 2, 3, 8, 9, 5_000].map(backoffMs)).toEqual([200, 400, 800, 25_600, 30_000, 30_000]);
  expect(backoffMs(0)).toBe(200);
});
