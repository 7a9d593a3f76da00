import { expect, it } from 'vitest';
import { startTestGateway } from '../testing/test-gateway.ts';
import { farthest, secondsUntilFull } from './queue-room.ts';

const every5s = (...left: readonly number[]) =>
  left.map((bytes, index) => ({ atMs: 1_700_000_000_000 + index * 5000, left: bytes }));

it('a queue that loses a kilobyte a second is full when what is left is used up', () => {
  expect(secondsUntilFull(every5s(100_000, 95_000, 90_000))).toBeCloseTo(90);
  // One sample off the line does not decide.
  expect(secondsUntilFull(every5s(100_000, 95_000, 92_000, 85_000, 80_000))).toBeCloseTo(80, -1);
});

it('one that is full has no time left, and one that does not grow has thirty days', () => {
  expect(secondsUntilFull(every5s(10, 0))).toBe(0);
  for (const left of [[], [5], [5, 5, 5], [5, 6, 7]]) {
    expect(secondsUntilFull(every5s(...left))).toBe(farthest);
  }
  expect(secondsUntilFull(every5s(1e12, 1e12 - 1))).toBe(farthest);
});

it('the gateway says both', async () => {
  const gateway = await startTestGateway();
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(Number(/^log_queue_left_bytes (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(1000);
  expect(text).toMatch(/^log_queue_until_full_seconds 2592000$/m);
});
