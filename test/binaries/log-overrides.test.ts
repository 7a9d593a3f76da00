import { expect, it } from 'vitest';
import { allLogScenarios } from '../../alerts/log-scenarios/index.ts';
import { type AlertOverrides, overridden } from '../../alerts/overrides.ts';
import type { LogAlertRule } from '../../alerts/rule.ts';
import { allLogRules } from '../../alerts/rules/index.ts';
import { checkLogOverrides } from '../../infra/check/logs/overrides.ts';
import type { OverrideReport } from '../../infra/check/override-verdict.ts';
import { environmentStack } from '../../infra/environment.ts';
import { toolPath } from '../support/tools.ts';

/** What the scenarios show with these rules, by a real Loki. */
const report = async (rules: readonly LogAlertRule[], loki?: string): Promise<OverrideReport> =>
  checkLogOverrides({
    loki: loki ?? (await toolPath('loki')),
    stack: environmentStack('local'),
    rules,
    declared: allLogRules,
    scenarios: allLogScenarios,
    signal: new AbortController().signal,
  });

const withOverrides = (overrides: AlertOverrides): readonly LogAlertRule[] =>
  overridden(allLogRules, { thresholds: {}, overrides }, '2026-11-21');

it('without an override no Loki is started', async () => {
  expect(await report(withOverrides({}), '/nowhere/loki')).toEqual({
    scenarios: 0,
    moved: [],
    problems: [],
  });
});

it('an override that scenarios still cover is fine, and what it moves is told', async () => {
  const { scenarios, moved, problems } = await report(
    withOverrides({ 'PasswordGuessing-warning': { thresholds: { account_login_failures_warning: 9 } } }),
  );
  expect(problems).toEqual([]);
  expect(scenarios).toBe(allLogScenarios.filter(({ family }) => family === 'PasswordGuessing').length);
  expect(moved).toEqual([expect.objectContaining({ rule: 'PasswordGuessing-warning', now: 'more' })]);
});

it('an override with which the alert fires in no scenario is a problem', async () => {
  const { problems } = await report(
    withOverrides({ 'PasswordGuessing-warning': { thresholds: { account_login_failures_warning: 9_000 } } }),
  );
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'SL1811',
      what: 'no scenario shows it firing with this environment’s override',
      where: 'alert PasswordGuessing-warning',
      fix: expect.stringContaining('alerts/log-scenarios'),
    }),
  ]);
});

it('a rule that does otherwise than its override means is a problem, with the scenario', async () => {
  // As the rule now stands the alert should fire more often, and fires no longer.
  const [rule] = withOverrides({
    'PasswordGuessing-warning': { thresholds: { account_login_failures_warning: 11 } },
  }).filter(({ name }) => name === 'PasswordGuessing');
  if (!rule) throw new Error('no rule PasswordGuessing');
  const parts = rule.expr.parts.map((part) =>
    part.kind === 'text' ? { ...part, text: part.text.replace('>', '<') } : part,
  );
  const { problems } = await report([{ ...rule, expr: { ...rule.expr, parts } }]);
  expect(problems.map(({ what }) => what).join('\n')).toMatch(
    /eleven passwords for one account.*got no alert, which is not what the override means/,
  );
});
