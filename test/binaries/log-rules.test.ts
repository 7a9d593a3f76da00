import { beforeAll, describe, expect, it } from 'vitest';
import { allLogScenarios } from '../../alerts/log-scenarios/index.ts';
import type { LogScenario } from '../../alerts/log-scenarios/scenario.ts';
import { type LogAlertRule, ruleId } from '../../alerts/rule.ts';
import { allLogRules } from '../../alerts/rules/index.ts';
import { runLogScenarios } from '../../infra/check/logs/run.ts';
import { environmentStack } from '../../infra/environment.ts';
import { logql } from '../../telemetry/query/query.ts';
import { toolPath } from '../support/tools.ts';

let loki: string;
beforeAll(async () => {
  loki = await toolPath('loki');
});

const run = (scenarios: readonly LogScenario[], rules: readonly LogAlertRule[] = allLogRules) =>
  runLogScenarios({
    loki,
    stack: environmentStack('local'),
    rules,
    scenarios,
    signal: new AbortController().signal,
  });
const about = (family: string) => allLogScenarios.filter((scenario) => scenario.family === family);

describe('log rules in a real Loki', () => {
  it('fire and stay quiet as their scenarios say', async () => {
    const results = await run(allLogScenarios);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results).toHaveLength(allLogScenarios.length);
    expect(new Set(results.map(({ rule }) => rule))).toEqual(new Set(allLogRules.map(ruleId)));
  });

  it('are seen to do otherwise', async () => {
    const wrong = about('PasswordGuessing').map(
      (scenario): LogScenario =>
        scenario.kind === 'fires'
          ? { ...scenario, firing: [] }
          : { ...scenario, firing: [{ severity: 'warning', service: 'backend-api' }] },
    );
    const results = await run(wrong);
    expect(results.filter(({ passed }) => passed)).toEqual([]);
    expect(results[0]?.message).toBe(
      'at 20m it should be nothing that fires, and it is {cluster="local", environment="local", namespace="tasks", service="backend-api"}',
    );
  });

  it('are not at a threshold that they are far below', async () => {
    const atIt = about('PasswordGuessing').filter(({ kind }) => kind === 'threshold');
    const far = atIt.map((scenario): LogScenario => ({ ...scenario, lines: [] }));
    expect((await run(far))[0]?.message).toContain('not at the threshold');
  });

  it('end the run with Loki’s own words when it refuses a query', async () => {
    const [rule] = allLogRules;
    if (!rule) throw new Error('there is a rule');
    const broken: LogAlertRule = { ...rule, expr: logql`count_over_time({service=~".*"} [5m]) > 0` };
    await expect(run(about(rule.name).slice(0, 1), [broken])).rejects.toThrow(
      /SL1806 [\s\S]*at least one regexp or equality matcher that does not have an empty-compatible value/,
    );
  });
});
