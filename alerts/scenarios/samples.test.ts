import { expect, it } from 'vitest';
import { restarts, valuesOf } from './samples.ts';
import type { Scenario } from './scenario.ts';

it.each<[string, readonly (number | undefined)[]]>([
  ['0+2x3', [0, 2, 4, 6]],
  ['6-2x2 5', [6, 4, 2, 5]],
  ['3x2', [3, 3, 3]],
  ['-1.5x1', [-1.5, -1.5]],
  ['1e3+1e-1x1', [1000, 1000.1]],
  ['1 _ 2 _x2 stale', [1, undefined, 2, undefined, undefined, undefined]],
])('%s is read as promtool does', (notation, values) => {
  expect(valuesOf(notation)).toEqual(values);
});

it.each<[string, Scenario['at'], boolean]>([
  ['0+1x4 0+1x4', '2m', true],
  ['0+1x4 0+1x4', '1m', false],
  ['0+1x4 _ 0+1x4', '2m', true],
  ['0+1x8', '2m', false],
])('a counter that goes %s begins anew by %s: %s', (values, at, expected) => {
  const scenario: Scenario = {
    family: 'A',
    given: '',
    samples: [['n_total{a="b"}', values]],
    at,
    firing: [],
  };
  expect(restarts(scenario, new Set(['n_total']))).toBe(expected);
  expect(restarts(scenario, new Set(['other_total']))).toBe(false);
});
