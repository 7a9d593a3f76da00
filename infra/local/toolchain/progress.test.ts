import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttled } from './progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('counting is passed on once an interval, the newest last; steps are never held back', () => {
  const said: string[] = [];
  const { report, stop } = throttled((step, detail) => said.push(`${step} ${detail}`), 100);
  report('looking', 'a');
  report('looking', 'b');
  report('building', '1 of 9');
  report('building', '2 of 9');
  report('building', '3 of 9');
  expect(said).toEqual(['looking a', 'looking b', 'building 1 of 9']);
  vi.advanceTimersByTime(100);
  expect(said.at(-1)).toBe('building 3 of 9');
  report('building', '4 of 9');
  report('installing', 'now');
  vi.advanceTimersByTime(1_000);
  expect(said.at(-1)).toBe('installing now');
  report('downloading', '1');
  report('downloading', '2');
  stop();
  vi.advanceTimersByTime(1_000);
  expect(said.at(-1)).toBe('downloading 1');
});
