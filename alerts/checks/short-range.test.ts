import { expect, it } from 'vitest';
import { shortRange } from './short-range.ts';
import { complaintsAbout, exampleContext, examples } from './support/examples.ts';

examples(shortRange, {
  good: [
    ['four scrapes', 'sum(rate(log_lines_total[1m])) > 0'],
    ['a short look at a gauge', 'max(max_over_time(up[30s])) < 1'],
    ['a short offset', 'sum(rate(log_lines_total[5m] offset 10s)) > 0'],
  ],
  bad: [
    ['three scrapes', 'sum(rate(log_lines_total[45s])) > 0', 'rate() over 45s'],
    ['seconds without a unit', 'sum(increase(log_lines_total[30])) > 0', 'increase() over 30s'],
    ['a short slope', 'max(deriv(event_consumer_lag[30s])) > 0', 'deriv()'],
  ],
});

it('counts scrapes by the interval of the environment', () => {
  const slow = { ...exampleContext, scrapeIntervalMs: 60_000 };
  expect(complaintsAbout(shortRange, 'sum(rate(log_lines_total[2m])) > 0', slow)).toHaveLength(1);
});
