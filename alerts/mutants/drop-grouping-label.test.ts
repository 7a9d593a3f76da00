import { expect, it } from 'vitest';
import { dropGroupingLabel } from './drop-grouping-label.ts';

it.each<[string, readonly string[]]>([
  ['sum(a)', []],
  ['sum by (x) (a)', ['sum by () (a)']],
  [
    'sum by (x, y) (a) / on (x) count(b) without (z)',
    [
      'sum by (y) (a) / on (x) count(b) without (z)',
      'sum by (x) (a) / on (x) count(b) without (z)',
      'sum by (x, y) (a) / on (x) count(b) without ()',
    ],
  ],
])('takes each label out of each aggregation, and leaves the matching of vectors: %s', (expr, broken) => {
  expect(dropGroupingLabel.mutate({ expr, for: '1m' }).map((mutation) => mutation.broken)).toEqual(
    broken.map((text) => ({ expr: text, for: '1m' })),
  );
});
