import { describe, expect, it } from 'vitest';
import { burnPairs } from './burn-pairs.ts';
import { type Kind, kindsOf } from './kinds.ts';

describe('the kind of an alert', () => {
  it.each<[string, readonly Kind[]]>([
    ['vector(1)', ['constant']],
    ['max by (service) (queue_length) > 50', ['threshold']],
    ['max by (pod) (ready) == 1 unless max by (pod) (done) == 1', ['threshold']],
    ['absent(up{service="loki"})', ['absence']],
    ['absent(up{service="loki"}) or up == 0', ['threshold', 'absence']],
    ['label_replace(vector(1), "service", "loki", "", "") unless on (service) (up == 1)', ['absence']],
    ['last_over_time(events[1d]) unless events', ['absence']],
    ['(slo:errors:ratio1h > 0.0144 and slo:errors:ratio5m > 0.0144)', ['burn rate']],
    [
      '(slo:errors:ratio1h > 0.0144 and slo:errors:ratio5m > 0.0144 and slo:events:count1h >= 100) or (slo:errors:ratio6h > 0.006 and slo:errors:ratio30m > 0.006)',
      ['burn rate'],
    ],
    ['rate(a[1h]) > 1 and rate(b[5m]) > 1', ['threshold']],
    ['rate(a[5m]) > 1 and rate(a[5m]) > 1', ['threshold']],
    ['this is (no query', []],
  ])('of %s is %j', (expr, kinds) => {
    expect(kindsOf(expr)).toEqual(kinds);
  });
});

it('the windows of burn rates are paired by what is measured, the fastest first', () => {
  // The other alternative has the same limit, and a condition on events with the same number.
  const expr =
    '(burn6h > 0.01 and burn30m > 0.01 and seen6h > 5) or ((avg_over_time(x[1h]) > 0.01 and avg_over_time(x[5m]) > 0.01) and seen1h > 5)';
  const pairs = burnPairs(expr).map(({ longMs, longLimit, shortLimit }) => [
    longMs / 3_600_000,
    expr.slice(0, longLimit.from).split(/[ (]/).at(-3),
    expr.slice(0, shortLimit.from).split(/[ (]/).at(-3),
  ]);
  expect(pairs).toEqual([
    [1, 'x[1h])', 'x[5m])'],
    [6, 'burn6h', 'burn30m'],
  ]);
});
