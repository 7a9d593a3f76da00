import { thresholdsOf } from '../../telemetry/query/query.ts';
import { type LogAlertRule, ruleId } from '../rule.ts';
import type { LogScenario, ScenarioKind } from './scenario.ts';

/** What shows that a rule of its kind is right. */
function requiredKinds(rule: LogAlertRule): readonly ScenarioKind[] {
  return [
    'fires',
    'quiet',
    ...(thresholdsOf(rule.expr).length > 0 ? (['threshold'] as const) : []),
    ...(rule.for ? (['early'] as const) : []),
  ];
}

/** Scenarios of log alerts that do not exist, and rules without the scenarios of their kind. */
export function uncoveredLogRules(
  scenarios: readonly LogScenario[],
  rules: readonly LogAlertRule[],
): readonly string[] {
  const names = new Set(rules.map(({ name }) => name));
  const strangers = scenarios
    .filter(({ family }) => !names.has(family))
    .map(({ family, given }) => `${family} (${given}) is no log alert`);
  const gaps = rules.flatMap((rule) => {
    const about = scenarios.filter(({ family }) => family === rule.name);
    const fires = about.some(({ firing }) => firing.some(({ severity }) => severity === rule.severity));
    const missing = requiredKinds(rule).filter((kind) => !about.some((scenario) => scenario.kind === kind));
    return [
      ...missing.map((kind) => `${ruleId(rule)} has no scenario of the kind "${kind}"`),
      ...(fires || missing.includes('fires') ? [] : [`${ruleId(rule)} fires in no scenario`]),
    ];
  });
  return [...strangers, ...gaps];
}
