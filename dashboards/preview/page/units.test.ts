import { expect, it } from 'vitest';
import { axisScale, highest } from './axis.ts';
import { formatTick, formatValue } from './units.ts';

it.each([
  [0.112, 's', undefined, '112 ms'],
  [0.0000005, 's', undefined, '500 ns'],
  [0, 's', undefined, '0 s'],
  [13.3 * 3600, 's', undefined, '13.3 hours'],
  [0.0021, 'percentunit', 2, '0.21%'],
  [1, 'percentunit', undefined, '100%'],
  [37.63, 'reqps', undefined, '37.6 req/s'],
  [512 * 1024 * 1024, 'bytes', undefined, '512 MiB'],
  [1_234_567, 'short', undefined, '1.23 Mil'],
  [1500, 'reqps', undefined, '1.50K req/s'],
  [1.5, 's', undefined, '1.50 s'],
  [3600, 's', undefined, '1 hour'],
  [0.05, 'short', undefined, '0.0500'],
  [0.15, 'percentunit', undefined, '15%'],
  [5, 'no-such-unit', undefined, '5'],
  [null, 's', undefined, '–'],
  [Number.POSITIVE_INFINITY, 'short', undefined, '∞'],
])('%s in %s is %s', (value, unit, decimals, text) => {
  expect(formatValue(value, unit, decimals)).toBe(text);
});

it('ticks of an axis have no zeros at the end', () => {
  expect([0.05, 1.5, 2000].map((value) => formatTick(value))).toEqual(['0.05', '1.5', '2 K']);
  expect(formatTick(0.005, 'percentunit')).toBe('0.5%');
});

it('axes have round ticks, of powers of two for bytes', () => {
  expect(axisScale(0.17, 4, 'percentunit')).toEqual({ max: 0.2, interval: 0.05 });
  expect(axisScale(23, 5)).toEqual({ max: 25, interval: 5 });
  expect(axisScale(500 * 1024 * 1024, 4, 'bytes')).toEqual({ max: 2 ** 29, interval: 2 ** 27 });
  expect(axisScale(3 * 3600, 4, 's')).toEqual({ max: 4 * 3600, interval: 3600 });
  expect(axisScale(66, 3, 's')).toEqual({ max: 90, interval: 30 });
  expect(axisScale(0, 4).max).toBeGreaterThan(0);
});

it('the top of stacked series is the highest sum', () => {
  const series = [
    [[1, 2] as const, [2, 5] as const],
    [[1, 4] as const, [2, null] as const],
  ];
  expect(highest(series, false)).toBe(5);
  expect(highest(series, true)).toBe(6);
});
