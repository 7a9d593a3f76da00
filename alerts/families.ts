import { type Severity, severities } from '../telemetry/contract/links.ts';
import { type AnyAlertRule, deploymentLabels } from './rule.ts';

/** Tiers of one alert, the most severe first. */
export interface Family<R extends AnyAlertRule = AnyAlertRule> {
  readonly name: string;
  readonly tiers: readonly R[];
}

/** Severities that people are told of, the most severe first; `none` is for plumbing. */
const rank = (severity: Severity): number => severities.indexOf(severity);

export function familiesOf<R extends AnyAlertRule>(rules: readonly R[]): readonly Family<R>[] {
  return Object.entries(Object.groupBy(rules, (rule) => rule.name)).map(([name, tiers = []]) => ({
    name,
    tiers: tiers.toSorted((a, b) => rank(a.severity) - rank(b.severity)),
  }));
}

/** Labels that tell one subject of the family from another in every tier, those of the deployment included. */
export function sharedIdentity(family: Family): readonly string[] {
  const sets = family.tiers.map((tier) => new Set<string>([...tier.by, ...deploymentLabels]));
  return [...(sets.reduce((shared, labels) => shared.intersection(labels)) ?? [])].sort();
}
