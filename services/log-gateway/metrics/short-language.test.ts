import fc from 'fast-check';
import { expect, it } from 'vitest';
import { promqlOf } from './short-language.ts';

it.each([
  ['sum up', 'sum(up{})'],
  ['avg  load service=shop', 'avg(load{service="shop"})'],
  ['max x a=1 b="two words"', 'max(x{a="1", b="two words"})'],
  ['rate requests_total status=500', 'sum(rate(requests_total{status="500"}[5m]))'],
  ['p95 took_seconds', 'histogram_quantile(0.95, sum by (le) (rate(took_seconds_bucket{}[5m])))'],
  ['p99 took_seconds_bucket', 'histogram_quantile(0.99, sum by (le) (rate(took_seconds_bucket{}[5m])))'],
  ['sum(rate(x[5m]))', 'sum(rate(x[5m]))'],
  ['sum by (a) (x)', 'sum by (a) (x)'],
  ['up', 'up'],
])('%s means %s', (asked, promql) => {
  expect(promqlOf(asked)).toBe(promql);
});

it('keeps a value within its quotes, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (given) => {
      const value = given.replaceAll(/["\n\r]/g, '');
      const promql = promqlOf(`sum metric label="${value}"`);
      expect(promql).toMatch(/^sum\(metric\{label="[\x20-\x7e]*"\}\)$/);
      expect(promql.slice('sum(metric{label="'.length, -3)).not.toMatch(/(?<!\\)"/);
    }),
  );
});
