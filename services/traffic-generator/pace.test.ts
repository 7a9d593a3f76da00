import { expect, test } from 'vitest';
import { Pace } from './pace.ts';
import { Random } from './random.ts';

/** Requests in each second of `seconds`. */
function simulate(rate: number, seed: number, seconds: number): number[] {
  const pace = new Pace(rate, new Random(seed));
  const counts = Array.from({ length: seconds }, () => 0);
  for (let now = pace.gap(0); now < seconds; now += pace.gap(now))
    counts[Math.floor(now)] = (counts[Math.floor(now)] ?? 0) + 1;
  return counts;
}

test('the average is the rate, bursts included', () => {
  const counts = simulate(5, 7, 40_000);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  expect(mean).toBeGreaterThan(4.75);
  expect(mean).toBeLessThan(5.25);
});

test('now and then it bursts', () => {
  const counts = simulate(5, 7, 1000);
  const busiest = Math.max(
    ...counts.map((_, at) => counts.slice(at, at + 5).reduce((sum, count) => sum + count, 0)),
  );
  expect(busiest).toBeGreaterThan(60);
});

test('the same seed gives the same traffic, another seed another', () => {
  expect(simulate(5, 1, 100)).toEqual(simulate(5, 1, 100));
  expect(simulate(5, 1, 100)).not.toEqual(simulate(5, 2, 100));
});

test('random numbers are spread evenly, and weights are kept', () => {
  const random = new Random(3);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 10_000; index += 1) {
    const tenth = random.below(10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(Math.min(...tenths)).toBeGreaterThan(850);
  const picks = Array.from({ length: 4000 }, () => random.weighted({ often: 3, seldom: 1 }));
  expect(picks.filter((pick) => pick === 'often').length / 4000).toBeCloseTo(0.75, 1);
});
