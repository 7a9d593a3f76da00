import { allLogScenarios } from '../../alerts/log-scenarios/index.ts';
import { type AlertRule, ruleId } from '../../alerts/rule.ts';
import { allLogRules, metricRules } from '../../alerts/rules/index.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import { sloScenariosOf } from '../../alerts/scenarios/slo.ts';
import { buildSlos } from '../../alerts/slo/index.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import type { EnvironmentStack } from '../stack.ts';
import { checkLogOverrides } from './logs/overrides.ts';
import { checkOverrides } from './override-scenarios.ts';
import { mergedReports, type OverrideReport } from './override-verdict.ts';
import { checkScenarios } from './scenarios.ts';

/**
 * The scenarios of rules that differ from those which `checkScenarios` has been through already: burn rates over another
 * period, by scenarios over that period, and overridden rules, those about lines in a real Loki.
 */
export async function proveEnvironment(
  stack: EnvironmentStack,
  {
    promtool,
    loki,
    signal,
  }: { readonly promtool: string; readonly loki: string; readonly signal: AbortSignal },
): Promise<OverrideReport> {
  const { config, rules, logRules } = stack;
  const slos = buildSlos({ period: config.slo.window, retention: config.prometheus.retentionTime });
  const sloScenarios = sloScenariosOf(slos.plans);
  const families = new Set(slos.alerts.map(({ name }) => name));
  const others = metricRules.filter(({ name }) => !families.has(name));
  const period = differ(slos.alerts, metricRules)
    ? await checkScenarios({
        promtool,
        signal,
        rules: slos.alerts,
        scenarios: sloScenarios,
        onProgress: () => undefined,
      })
    : undefined;
  const overrides = await checkOverrides({
    promtool,
    signal,
    rules: Object.values(rules).flat(),
    declared: [...others, ...slos.alerts],
    scenarios: [...allScenarios.filter(({ family }) => !families.has(family)), ...sloScenarios],
  });
  const logOverrides = await checkLogOverrides({
    loki,
    stack,
    signal,
    rules: Object.values(logRules).flat(),
    declared: allLogRules,
    scenarios: allLogScenarios,
  });
  return mergedReports([...(period ? [{ ...period, moved: [] }] : []), overrides, logOverrides]);
}

/** Whether one of the rules is another than the declared one of its id. */
function differ(rules: readonly AlertRule[], declared: readonly AlertRule[]): boolean {
  const expressions = new Map(declared.map((rule) => [ruleId(rule), renderQuery(rule.expr)]));
  return rules.some((rule) => expressions.get(ruleId(rule)) !== renderQuery(rule.expr));
}
