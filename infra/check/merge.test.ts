import { expect, it } from 'vitest';
import type { Problem } from '../../telemetry/errors.ts';
import { mergeProblems } from './merge.ts';

const problem = (where: string): Problem => ({ code: 'SL1801', what: 'w', where, fix: 'f' });

it('tells a problem once, and whose it is when not all environments have it', () => {
  const merged = mergeProblems(
    new Map([
      ['dev', [problem('shared'), problem('a few')]],
      ['staging', [problem('shared'), problem('a few')]],
      ['prod', [problem('shared'), problem('one')]],
    ]),
  );
  expect(merged.map(({ where }) => where)).toEqual(['shared', 'dev, staging: a few', 'prod: one']);
  expect(mergeProblems(new Map([['prod', [problem('one')]]])).map(({ where }) => where)).toEqual([
    'prod: one',
  ]);
});
