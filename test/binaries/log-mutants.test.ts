import { beforeAll, describe, expect, it } from 'vitest';
import { allLogScenarios } from '../../alerts/log-scenarios/index.ts';
import { operators } from '../../alerts/mutants/index.ts';
import { type LogMutant, logMutantsOf } from '../../alerts/mutants/log-mutants.ts';
import { verdictOn } from '../../alerts/mutants/verdict.ts';
import { allLogRules } from '../../alerts/rules/index.ts';
import { judgeLogMutants } from '../../infra/check/logs/mutants.ts';
import { environmentStack } from '../../infra/environment.ts';
import { toolPath } from '../support/tools.ts';

let loki: string;
beforeAll(async () => {
  loki = await toolPath('loki');
});

const judged = (mutants: readonly LogMutant[], scenarios = allLogScenarios) =>
  judgeLogMutants({
    loki,
    stack: environmentStack('local'),
    mutants,
    scenarios,
    signal: new AbortController().signal,
  });

describe('broken log rules, in a real Loki', () => {
  const all = allLogRules.flatMap(logMutantsOf);

  it('are noticed by their scenarios', async () => {
    const { survivors, complaints, operators: figures } = verdictOn(await judged(all), []);
    expect(survivors.map(({ rule, operator, change }) => `${rule}: ${operator}: ${change}`)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(figures.filter(({ mutants }) => mutants === 0)).toEqual([]);
    expect(figures).toHaveLength(operators.length);
  });

  it('survive where no scenario looks', async () => {
    const doubled = all.filter(
      ({ rule, operator }) => rule.name === 'PasswordSpraying' && operator === 'threshold doubled',
    );
    const quiet = allLogScenarios.filter(({ kind }) => kind !== 'fires');
    expect((await judged(doubled, quiet)).map(({ killed }) => killed)).toEqual([false]);
  });

  it('prove nothing when a scenario fails on the rule as it is', async () => {
    const wrong = allLogScenarios.map((scenario) => ({ ...scenario, firing: [] }));
    await expect(judged(all.slice(0, 1), wrong)).rejects.toThrow(/SL1515/);
  });
});
