import type { ThresholdName } from '../telemetry/contract/thresholds.ts';
import { type Query, renderPart } from '../telemetry/query/query.ts';
import { familiesOf } from './families.ts';
import { type AnyAlertRule, ruleId } from './rule.ts';

/** A comparison of a rule with a named threshold. */
interface Bound {
  readonly rule: string;
  readonly threshold: ThresholdName;
  readonly value: number;
  readonly fires: 'above' | 'below';
}

/** A tier that would fire only after one that is more severe, by a comparison of each. */
interface Crossing {
  readonly mild: Bound;
  readonly severe: Bound;
}

/**
 * Tiers whose thresholds stand in the wrong order. Compared are those of one name, and those whose names differ only
 * in the severity at their end.
 */
export function crossings(rules: readonly AnyAlertRule[]): readonly Crossing[] {
  return familiesOf(rules).flatMap(({ tiers }) =>
    tiers.flatMap((severe, index) =>
      tiers
        .slice(index + 1)
        .flatMap((mild) => boundsOf(mild).flatMap((late) => crossedBy(late, boundsOf(severe)))),
    ),
  );
}

function crossedBy(mild: Bound, bounds: readonly Bound[]): readonly Crossing[] {
  return bounds
    .filter((severe) => stem(severe) === stem(mild) && severe.fires === mild.fires)
    .filter((severe) => (mild.fires === 'above' ? mild.value > severe.value : mild.value < severe.value))
    .map((severe) => ({ mild, severe }));
}

const stem = ({ threshold }: Bound): string => threshold.replace(/_(critical|warning|info)$/, '');

/** Thresholds that directly follow a comparison; what is calculated with first has no order of its own. */
export function boundsOf(rule: AnyAlertRule): readonly Bound[] {
  const { parts }: Query = rule.expr;
  return parts.flatMap((part, index): Bound[] => {
    const before = parts[index - 1];
    const operator = before?.kind === 'text' ? /([<>])=?\s*$/.exec(before.text)?.[1] : undefined;
    if (part.kind !== 'threshold' || operator === undefined) return [];
    return [
      {
        rule: ruleId(rule),
        threshold: part.name,
        value: Number(renderPart(part, {})),
        fires: operator === '>' ? 'above' : 'below',
      },
    ];
  });
}
