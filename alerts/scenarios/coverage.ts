import { type AlertRule, ruleId } from '../rule.ts';
import type { Scenario } from './scenario.ts';

/**
 * Scenarios of alerts that do not exist (promtool passes a quiet one, whatever its name), and rules that no scenario
 * sees firing, or quiet. What always fires need not be quiet.
 */
export function uncovered(scenarios: readonly Scenario[], rules: readonly AlertRule[]): readonly string[] {
  const names = new Set(rules.map(({ name }) => name));
  const strangers = scenarios
    .filter(({ family }) => !names.has(family))
    .map(({ family, given }) => `${family} (${given}) is no alert`);
  const gaps = rules.flatMap((rule) => {
    const about = scenarios.filter(({ family }) => family === rule.name);
    const fires = about.map(({ firing }) => firing.some(({ severity }) => severity === rule.severity));
    return [
      ...(fires.includes(true) ? [] : [`${ruleId(rule)} fires in no scenario`]),
      ...(fires.includes(false) || rule.severity === 'none'
        ? []
        : [`${ruleId(rule)} is quiet in no scenario`]),
    ];
  });
  return [...strangers, ...gaps];
}
