import { type AlertRule, ruleId } from '../../alerts/rule.ts';
import { metricRules } from '../../alerts/rules/index.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import { sloScenariosOf } from '../../alerts/scenarios/slo.ts';
import { buildSlos } from '../../alerts/slo/index.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import type { EnvironmentStack } from '../stack.ts';
import { checkOverrides, type MovedScenario } from './override-scenarios.ts';
import { checkScenarios } from './scenarios.ts';

/** What scenarios show of the rules that only this environment has so. */
export interface EnvironmentProof {
  /** Scenarios that were run, each for each rule that it is about. */
  readonly scenarios: number;
  /** Those that come out otherwise with an override, as it means it. */
  readonly moved: readonly MovedScenario[];
  readonly problems: readonly Problem[];
}

/**
 * The scenarios of rules that differ from those which `checkScenarios` has been through already: burn rates over another
 * period, by scenarios over that period, and overridden rules.
 */
export async function proveEnvironment(
  { config, rules }: EnvironmentStack,
  tool: { readonly promtool: string; readonly signal: AbortSignal },
): Promise<EnvironmentProof> {
  const slos = buildSlos({ period: config.slo.window, retention: config.prometheus.retentionTime });
  const sloScenarios = sloScenariosOf(slos.plans);
  const families = new Set(slos.alerts.map(({ name }) => name));
  const others = metricRules.filter(({ name }) => !families.has(name));
  const period = differ(slos.alerts, metricRules)
    ? await checkScenarios({
        ...tool,
        rules: slos.alerts,
        scenarios: sloScenarios,
        onProgress: () => undefined,
      })
    : undefined;
  const overrides = await checkOverrides({
    ...tool,
    rules: Object.values(rules).flat(),
    declared: [...others, ...slos.alerts],
    scenarios: [...allScenarios.filter(({ family }) => !families.has(family)), ...sloScenarios],
  });
  return {
    scenarios: (period?.scenarios ?? 0) + overrides.scenarios,
    moved: overrides.moved,
    problems: [...(period?.problems ?? []), ...overrides.problems],
  };
}

/** Whether one of the rules is another than the declared one of its id. */
function differ(rules: readonly AlertRule[], declared: readonly AlertRule[]): boolean {
  const expressions = new Map(declared.map((rule) => [ruleId(rule), renderQuery(rule.expr)]));
  return rules.some((rule) => expressions.get(ruleId(rule)) !== renderQuery(rule.expr));
}
