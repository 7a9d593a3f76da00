import { expect, it } from 'vitest';
import { moveBoundary } from './move-boundary.ts';

it.each<[string, readonly string[]]>([
  ['a > 1 and b <= 2', ['a >= 1 and b <= 2', 'a > 1 and b < 2']],
  ['up == 0', []],
  ['sum(a) >= 3', ['sum(a) > 3']],
])('puts each boundary on the other side, and leaves equalities: %s', (expr, broken) => {
  expect(moveBoundary.mutate({ expr, for: '1m' }).map((mutation) => mutation.broken)).toEqual(
    broken.map((text) => ({ expr: text, for: '1m' })),
  );
});
