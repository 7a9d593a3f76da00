import { expect, it } from 'vitest';
import { flipComparison } from './flip-comparison.ts';

it.each<[string, readonly string[]]>([
  ['up == 0', ['up != 0']],
  ['a > 1 and b <= 2', ['a < 1 and b <= 2', 'a > 1 and b >= 2']],
  ['a > bool 1', ['a < bool 1']],
  ['a{x="b > c"}', []],
])('turns each comparison round, one at a time: %s', (expr, broken) => {
  expect(flipComparison.mutate({ expr, for: '1m' }).map((mutation) => mutation.broken)).toEqual(
    broken.map((text) => ({ expr: text, for: '1m' })),
  );
});
