import { expect, it } from 'vitest';
import { narrowWindow, widenWindow } from './change-window.ts';

it.each<[string, readonly string[], readonly string[]]>([
  ['a > 5', [], []],
  ['rate(a[5m])', ['rate(a[20m])'], ['rate(a[75s])']],
  // Never shorter than three scrapes.
  ['rate(a[2m])', ['rate(a[8m])'], ['rate(a[45s])']],
  ['rate(a[45s])', ['rate(a[3m])'], []],
  [
    'rate(a[1h] offset 5m) / rate(b[4m])',
    ['rate(a[4h] offset 5m) / rate(b[4m])', 'rate(a[1h] offset 5m) / rate(b[16m])'],
    ['rate(a[15m] offset 5m) / rate(b[4m])', 'rate(a[1h] offset 5m) / rate(b[1m])'],
  ],
  [
    'max_over_time(rate(a[4m])[1h:1m])',
    ['max_over_time(rate(a[16m])[1h:1m])', 'max_over_time(rate(a[4m])[4h:1m])'],
    ['max_over_time(rate(a[1m])[1h:1m])', 'max_over_time(rate(a[4m])[15m:1m])'],
  ],
])('each window of %s becomes longer and shorter', (expr, widened, narrowed) => {
  expect(widenWindow.mutate({ expr }).map(({ broken }) => broken.expr)).toEqual(widened);
  expect(narrowWindow.mutate({ expr }).map(({ broken }) => broken.expr)).toEqual(narrowed);
});
