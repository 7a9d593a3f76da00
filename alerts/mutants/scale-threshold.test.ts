import { expect, it } from 'vitest';
import { doubleThreshold, halveThreshold } from './scale-threshold.ts';

it.each<[string, readonly string[], readonly string[]]>([
  ['a > 0.02', ['a > 0.04'], ['a > 0.01']],
  ['a > 0', [], []],
  ['a > 14.4 * 0.001', ['a > (14.4 * 0.001) * 2'], ['a > (14.4 * 0.001) * 0.5']],
  ['3 < a', ['6 < a'], ['1.5 < a']],
  ['a > 0.9 * b', ['a > (0.9 * b) * 2'], ['a > (0.9 * b) * 0.5']],
  [
    'histogram_quantile(0.95, a) > 4 and b > 2',
    ['histogram_quantile(0.95, a) > 8 and b > 2', 'histogram_quantile(0.95, a) > 4 and b > 4'],
    ['histogram_quantile(0.95, a) > 2 and b > 2', 'histogram_quantile(0.95, a) > 4 and b > 1'],
  ],
])('what %s compares with is doubled and halved', (expr, doubled, halved) => {
  expect(doubleThreshold.mutate({ expr }).map(({ broken }) => broken.expr)).toEqual(doubled);
  expect(halveThreshold.mutate({ expr }).map(({ broken }) => broken.expr)).toEqual(halved);
});
