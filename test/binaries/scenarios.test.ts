import { describe, expect, it } from 'vitest';
import { metricRules } from '../../alerts/rules/index.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import type { Scenario } from '../../alerts/scenarios/scenario.ts';
import { checkScenarios } from '../../infra/check/scenarios.ts';
import { toolPath } from '../support/tools.ts';

const check = async (families: readonly string[], scenarios: readonly Scenario[]) =>
  checkScenarios({
    rules: metricRules.filter(({ name }) => families.includes(name)),
    scenarios,
    promtool: await toolPath('promtool'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });

const of = (...families: readonly string[]): readonly Scenario[] =>
  allScenarios.filter(({ family }) => families.includes(family));

describe('the scenarios in promtool', () => {
  it('show every rule firing and quiet, each in the ways of its kind', async () => {
    const open: number[] = [];
    const report = await checkScenarios({
      rules: metricRules,
      scenarios: allScenarios,
      promtool: await toolPath('promtool'),
      signal: new AbortController().signal,
      onProgress: (left) => void open.push(left),
    });
    expect(report.problems).toEqual([]);
    expect(report.rules).toHaveLength(metricRules.length);
    expect(open.at(-1)).toBe(0);
  }, 900_000);

  it('that a rule contradicts are named, with what was expected and what came', async () => {
    const scenarios = of('EventLagHigh').map((scenario) => ({ ...scenario, firing: [] }));
    const { problems } = await check(['EventLagHigh'], scenarios);
    const firing = of('EventLagHigh').filter(({ firing: alerts }) => alerts.length > 0);
    const told = problems.filter(({ code }) => code === 'SL1517');
    expect(told).toHaveLength(firing.length);
    for (const { given, at } of firing)
      expect(told).toContainEqual(
        expect.objectContaining({
          where: 'alert EventLagHigh',
          what: expect.stringMatching(
            new RegExp(`^${given}, at ${at}: expected no alert, got \\{.*severity="warning".*\\}$`),
          ),
        }),
      );
  });

  it('must be exactly at the threshold, which the rule itself tells with its boundary moved', async () => {
    const near = of('EventLagHigh').filter(({ given }) => !given.includes('exactly'));
    const { rules } = await check(['EventLagHigh'], near);
    expect(rules).toEqual([
      expect.objectContaining({ kinds: ['threshold'], missing: ['exactly at the threshold'] }),
    ]);
  });

  it('must show a counter that begins anew', async () => {
    const steady = of('PrometheusRuleFailures').filter(({ given }) => !given.includes('restart'));
    const { problems } = await check(['PrometheusRuleFailures'], steady);
    expect(problems.map(({ code, what }) => `${code} ${what}`)).toEqual([
      'SL1516 no scenario of this threshold rule shows: counter reset',
    ]);
  });

  it('of a burn rate must show each pair of windows by itself, and the end', async () => {
    const [family = ''] = metricRules.map(({ name }) => name).filter((name) => name.endsWith('BurnRate'));
    const all = await check([family], of(family));
    expect(all.rules.map(({ kinds, missing }) => [kinds, missing])).toEqual([
      [['burn rate'], []],
      [['burn rate'], []],
    ]);
    // Without the fastest pair of the page, and without what is quiet for its short window alone.
    const few = of(family).filter(
      ({ given }) => !/over 1h and 5m|^it is over|^exactly as much is bad over (5m|30m|2h|6h)/.test(given),
    );
    const { rules } = await check([family], few);
    expect(rules.map(({ missing }) => missing)).toEqual([['fires fast', 'recovers'], ['recovers']]);
  });
});
