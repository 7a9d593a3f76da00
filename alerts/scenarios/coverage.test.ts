import { describe, expect, it } from 'vitest';
import { metricRules } from '../rules/index.ts';
import { emptyScenarios, uncovered } from './coverage.ts';
import { allScenarios } from './index.ts';
import type { Scenario } from './scenario.ts';

const given = 'a slip';

describe('the scenarios', () => {
  it('see every rule firing and quiet', () => {
    expect(uncovered(allScenarios, metricRules)).toEqual([]);
  });
  it('leave no rule out', () => {
    const some = allScenarios.filter(({ family, firing }) => family !== 'DeadLetters' || firing.length === 0);
    expect(uncovered(some, metricRules)).toEqual(['DeadLetters-warning fires in no scenario']);
  });
  it('all say something', () => {
    expect(emptyScenarios(allScenarios, metricRules)).toEqual([]);
  });
  it.each<[string, Omit<Scenario, 'given' | 'at'>, string]>([
    [
      'of an alert that does not exist, which promtool would let pass',
      { family: 'ServiceDwon', samples: [], firing: [] },
      'ServiceDwon (a slip) is no alert',
    ],
    [
      'of a tier that does not exist',
      { family: 'DeadLetters', samples: [], firing: [{ severity: 'critical' }] },
      'DeadLetters (a slip) has no tier critical',
    ],
    [
      'that gives the alert nothing to read',
      { family: 'DeadLetters', samples: [['dead_letter{service="sync"}', '5x200']], firing: [] },
      'DeadLetters (a slip) has no sample that the alert reads: it would pass with the rule removed',
    ],
  ])('are refused %s', (_, scenario, complaint) => {
    expect(emptyScenarios([{ ...scenario, given, at: '1m' }], metricRules)).toEqual([complaint]);
  });
});
