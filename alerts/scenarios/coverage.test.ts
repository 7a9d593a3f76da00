import { describe, expect, it } from 'vitest';
import { metricRules } from '../rules/index.ts';
import { uncovered } from './coverage.ts';
import { allScenarios } from './index.ts';

describe('the scenarios', () => {
  it('see every rule firing and quiet', () => {
    expect(uncovered(allScenarios, metricRules)).toEqual([]);
  });
  it('are refused for an alert that does not exist, which promtool would let pass', () => {
    const stray = { family: 'ServiceDwon', given: 'a slip', samples: [], at: '1m', firing: [] } as const;
    expect(uncovered([...allScenarios, stray], metricRules)).toEqual(['ServiceDwon (a slip) is no alert']);
  });
  it('leave no rule out', () => {
    const some = allScenarios.filter(({ family, firing }) => family !== 'DeadLetters' || firing.length === 0);
    expect(uncovered(some, metricRules)).toEqual(['DeadLetters-warning fires in no scenario']);
  });
});
