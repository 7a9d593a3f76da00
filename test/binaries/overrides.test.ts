import { expect, it } from 'vitest';
import { type AlertOverrides, overridden } from '../../alerts/overrides.ts';
import { metricRules } from '../../alerts/rules/index.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import { checkOverrides } from '../../infra/check/override-scenarios.ts';
import type { OverrideReport } from '../../infra/check/override-verdict.ts';
import { toolPath } from '../support/tools.ts';

/** What the scenarios show with these overrides, by the real promtool. */
async function report(overrides: AlertOverrides): Promise<OverrideReport> {
  return checkOverrides({
    rules: overridden(metricRules, { thresholds: {}, overrides }, '2026-11-21'),
    declared: metricRules,
    scenarios: allScenarios,
    promtool: await toolPath('promtool'),
    signal: new AbortController().signal,
  });
}

it('without an override there is nothing to run', async () => {
  expect(await report({})).toEqual({ scenarios: 0, moved: [], problems: [] });
});

it('an override that scenarios still cover is fine, and what it moves is told', async () => {
  const { scenarios, moved, problems } = await report({
    'HostTooManyProcesses-warning': { thresholds: { host_processes_warning: 1100 } },
    'HighErrorRatio-warning': { thresholds: { error_ratio_warning: 0.04 } },
  });
  expect(problems).toEqual([]);
  expect(scenarios).toBeGreaterThan(5);
  expect(new Set(moved.map(({ rule, now }) => `${rule} ${now}`))).toEqual(
    new Set(['HighErrorRatio-warning fewer']),
  );
  expect(moved.map(({ given }) => given)).toContain('a fifth more than that share');
});

it('an override with which the alert fires in no scenario is a problem', async () => {
  const { problems } = await report({
    'HostTooManyProcesses-warning': { thresholds: { host_processes_warning: 50_000 } },
  });
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'SL1811',
      what: 'no scenario shows it firing with this environment’s override',
      where: 'alert HostTooManyProcesses-warning',
    }),
  ]);
});

it('a rule that does otherwise than its override means is a problem, with the scenario', async () => {
  // The override makes it wait longer; that it now fires when the host idles is not its doing.
  const [rule] = overridden(
    metricRules.filter(({ name }) => name === 'HostCpuHigh'),
    { thresholds: {}, overrides: { 'HostCpuHigh-warning': { for: '16m' } } },
    '2026-11-21',
  );
  if (!rule) throw new Error('no rule HostCpuHigh');
  const expr = {
    ...rule.expr,
    parts: rule.expr.parts.map((part) =>
      part.kind === 'text' ? { ...part, text: part.text.replace('>', '<') } : part,
    ),
  };
  const { problems } = await checkOverrides({
    rules: [{ ...rule, expr }],
    declared: metricRules,
    scenarios: allScenarios,
    promtool: await toolPath('promtool'),
    signal: new AbortController().signal,
  });
  expect(problems.map(({ what }) => what).join('\n')).toMatch(
    /expected no alert, got .*not what the override means/,
  );
});
