import { parsePromql, selectorsIn } from '../../telemetry/query/promql-tree.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import { type AlertRule, ruleId } from '../rule.ts';
import { kindsOf } from './kinds.ts';
import { nameOf } from './samples.ts';
import type { Scenario } from './scenario.ts';

/** Recorded series, and the names of those that each is calculated from. */
export type Sources = ReadonlyMap<string, readonly string[]>;

/**
 * Scenarios that promtool passes though they say nothing: of an alert, or a tier, that does not exist; and quiet ones
 * without a sample of any series that the alert reads, which would be as quiet with the rule removed.
 */
export function emptyScenarios(
  scenarios: readonly Scenario[],
  rules: readonly AlertRule[],
  sources: Sources = new Map(),
): readonly string[] {
  const families = Map.groupBy(rules, ({ name }) => name);
  const read = new Map(
    [...families].map(([name, tiers]) => [
      name,
      new Set(tiers.flatMap((rule) => seriesRead(renderQuery(rule.expr), sources))),
    ]),
  );
  return scenarios.flatMap((scenario): readonly string[] => {
    const { family, given, firing } = scenario;
    const tiers = families.get(family);
    if (!tiers) return [`${family} (${given}) is no alert`];
    const stranger = firing.find(({ severity }) => !tiers.some((rule) => rule.severity === severity));
    if (stranger) return [`${family} (${given}) has no tier ${stranger.severity}`];
    return firing.length === 0 && !scenario.samples.some(([series]) => read.get(family)?.has(nameOf(series)))
      ? [`${family} (${given}) has no sample that the alert reads: it would pass with the rule removed`]
      : [];
  });
}

/** Names of the series that a query reads, and of those that these are calculated from. */
function seriesRead(expr: string, sources: Sources): readonly string[] {
  const tree = parsePromql(expr);
  const open = tree ? selectorsIn(tree).flatMap(({ name }) => name ?? []) : [];
  const found = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(sources.get(name) ?? []));
  }
  return [...found];
}

/** Rules that no scenario sees firing, or quiet. What always fires need not be quiet. */
export function uncovered(scenarios: readonly Scenario[], rules: readonly AlertRule[]): readonly string[] {
  return rules.flatMap((rule) => {
    const about = scenarios.filter(({ family }) => family === rule.name);
    const fires = about.map(({ firing }) => firing.some(({ severity }) => severity === rule.severity));
    const constant = kindsOf(renderQuery(rule.expr)).every((kind) => kind === 'constant');
    return [
      ...(fires.includes(true) ? [] : [`${ruleId(rule)} fires in no scenario`]),
      ...(fires.includes(false) || constant ? [] : [`${ruleId(rule)} is quiet in no scenario`]),
    ];
  });
}
