import { describe, expect, it } from 'vitest';
import {
  aligned,
  durationText,
  parseTime,
  rangeOf,
  rateIntervalSeconds,
  shifted,
  stepSeconds,
  tickLabel,
  widened,
} from './time.ts';

const now = Date.UTC(2026, 10, 21, 14, 3, 7);

describe('moments as URLs write them', () => {
  it.each([
    ['now', now],
    ['now-6h', now - 6 * 3_600_000],
    ['now+5m', now + 300_000],
    ['1795269600000', 1_795_269_600_000],
    ['2026-11-21T10:00:00Z', Date.UTC(2026, 10, 21, 10)],
    ['yesterday', undefined],
    ['now-6', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(parseTime(text, now)).toBe(expected);
  });
  it('rounds to the start and the end of a day', () => {
    const [start, end] = [parseTime('now/d', now), parseTime('now/d', now, true)];
    expect(new Date(start ?? 0).getHours()).toBe(0);
    expect((end ?? 0) - (start ?? 0)).toBe(86_400_000 - 1);
  });
  it('falls back to the last hour, and never gives an empty range', () => {
    expect(rangeOf('nonsense', 'now', now)).toEqual({ from: now - 3_600_000, to: now });
    expect(rangeOf('now', 'now-1h', now)).toEqual({ from: now - 7_200_000, to: now - 3_600_000 });
  });
});

describe('intervals', () => {
  const hours = (count: number) => ({ from: now - count * 3_600_000, to: now });
  it('a step is never below the scrape interval, and bounds the points', () => {
    expect(stepSeconds(hours(1), 1000)).toBe(15);
    expect(stepSeconds(hours(24), 1000)).toBe(120);
    for (const count of [1, 7, 24, 24 * 30])
      expect((count * 3600) / stepSeconds(hours(count), 500)).toBeLessThanOrEqual(500);
  });
  it('the rate interval spans four scrapes, and a step with one more', () => {
    expect(rateIntervalSeconds(15)).toBe(60);
    expect(rateIntervalSeconds(45)).toBe(60);
    expect(rateIntervalSeconds(300)).toBe(315);
  });
  it('are written as PromQL reads them', () => {
    expect([15, 60, 90, 3600, 0.2].map(durationText)).toEqual(['15s', '1m', '90s', '1h', '1s']);
  });
  it('a range starts and ends at multiples of the step', () => {
    expect(aligned({ from: 61_000, to: 119_000 }, 30)).toEqual({ from: 60_000, to: 90_000 });
  });
  it('ticks show as much as the span needs', () => {
    const length = (count: number): number => tickLabel(now, hours(count)).length;
    expect([0.1, 1, 48, 24 * 10].map(length)).toEqual([8, 5, 11, 5]);
  });
});

it('a range is moved by a share of itself, and doubled around its middle', () => {
  expect(shifted({ from: 1000, to: 3000 }, -0.5)).toEqual({ from: 0, to: 2000 });
  expect(widened({ from: 1000, to: 3000 })).toEqual({ from: 0, to: 4000 });
});
