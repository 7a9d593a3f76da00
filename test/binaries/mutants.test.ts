import { expect, it } from 'vitest';
import { mutantsOf } from '../../alerts/mutants/index.ts';
import { verdictOn } from '../../alerts/mutants/verdict.ts';
import { metricRules } from '../../alerts/rules/index.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import type { Scenario } from '../../alerts/scenarios/scenario.ts';
import { judgeMutants } from '../../infra/check/mutants.ts';
import { toolPath } from '../support/tools.ts';

const family = 'EventLagHigh';
const rules = metricRules.filter(({ name }) => name === family);
const own = allScenarios.filter((scenario) => scenario.family === family);

async function judge(scenarios: readonly Scenario[]) {
  const promtool = await toolPath('promtool');
  const counts: number[] = [];
  const outcomes = await judgeMutants({
    mutants: rules.flatMap(mutantsOf),
    scenarios,
    promtool,
    signal: new AbortController().signal,
    onProgress: (killed) => void counts.push(killed),
  });
  expect(counts.at(-1)).toBe(outcomes.filter(({ killed }) => killed).length);
  return verdictOn(outcomes, []);
}

it('every mutant of a rule is killed by its scenarios', async () => {
  expect((await judge(own)).survivors).toEqual([]);
});

it('a mutant that weak scenarios do not notice is reported, with what changed', async () => {
  // Far above the threshold, long after it began: nobody would see a doubled threshold or a missing `for`.
  const [firing] = own.filter((scenario) => scenario.firing.length > 0);
  if (!firing) throw new Error('no scenario of EventLagHigh fires');
  const weak = {
    ...firing,
    samples: firing.samples.map(([series]) => [series, '5000x240'] as const),
    at: '30m' as const,
  };
  const { survivors, complaints } = await judge([weak]);
  expect(survivors).toContainEqual(
    expect.objectContaining({
      rule: 'EventLagHigh-warning',
      operator: 'threshold doubled',
      change: '50 became 100',
    }),
  );
  expect(survivors.map(({ operator }) => operator)).toContain('`for` removed');
  expect(survivors.map(({ operator }) => operator)).not.toContain('comparison flipped');
  expect(complaints).not.toEqual([]);
});

it('nothing is judged by scenarios that fail on the rule as it is', async () => {
  const wrong = own.map((scenario) => ({ ...scenario, firing: [] }));
  await expect(judge(wrong)).rejects.toMatchObject({ code: 'SL1515', where: 'EventLagHigh-warning' });
});
