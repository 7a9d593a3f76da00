import { nearestNames } from '../telemetry/nearest.ts';
import { type ThresholdValues, thresholdsOf, withThresholds } from '../telemetry/query/query.ts';
import type { Duration } from '../telemetry/query/scale-time.ts';
import { type AnyAlertRule, ruleId } from './rule.ts';
import { crossings } from './tier-order.ts';

/** What an environment changes about one rule. */
export interface AlertOverride {
  readonly thresholds?: PartialValues | undefined;
  readonly for?: Duration | undefined;
  readonly keepFiringFor?: Duration | undefined;
  /** `until` is the last day without the alert, `2030-01-31`, by UTC. */
  readonly off?: { readonly reason: string; readonly until: string } | undefined;
}

type PartialValues = { readonly [Name in keyof ThresholdValues]: ThresholdValues[Name] | undefined };

/** By the exact id of the rule. */
export type AlertOverrides = Readonly<Record<string, AlertOverride>>;

/** All that an environment changes about rules. */
export interface RuleChanges {
  /** For every rule that compares with them. */
  readonly thresholds: PartialValues;
  readonly overrides: AlertOverrides;
}

/** Something that is wrong with an environment file, at a key of it. */
interface Complaint {
  readonly path: readonly string[];
  readonly text: string;
}

const overridesPath = ['alerts', 'overrides'] as const;

/** The day that it is, by UTC, as overrides write it. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** The rules as the environment has them on that day, every threshold at its value. */
export function overridden<R extends AnyAlertRule>(
  rules: readonly R[],
  changes: RuleChanges,
  today: string,
): readonly R[] {
  return rules
    .filter((rule) => !isOff(changes.overrides[ruleId(rule)], today))
    .map((rule) => changed(rule, changes));
}

/** The rules that the environment does without on that day. */
export const turnedOff = <R extends AnyAlertRule>(
  rules: readonly R[],
  overrides: AlertOverrides,
  today: string,
): readonly R[] => rules.filter((rule) => isOff(overrides[ruleId(rule)], today));

const isOff = (override: AlertOverride | undefined, today: string): boolean =>
  override?.off !== undefined && override.off.until >= today;

function changed<R extends AnyAlertRule>(rule: R, { thresholds, overrides }: RuleChanges): R {
  const override = overrides[ruleId(rule)];
  const because = 'this environment says so';
  return {
    ...rule,
    expr: withThresholds(rule.expr, { ...given(thresholds), ...given(override?.thresholds) }),
    ...(override?.for && { for: { duration: override.for, because } }),
    ...(override?.keepFiringFor && { keepFiringFor: { duration: override.keepFiringFor, because } }),
  };
}

const given = (values: PartialValues = {}): ThresholdValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Alerts that were off up to a day that is over, and are on again. */
export function expiredOverrides(
  overrides: AlertOverrides,
  today: string,
): readonly { readonly id: string; readonly until: string; readonly reason: string }[] {
  return Object.entries(overrides).flatMap(([id, { off }]) =>
    off && off.until < today ? [{ id, until: off.until, reason: off.reason }] : [],
  );
}

/** What no environment may say about these rules, whatever the shape of it. */
export function overrideComplaints(
  rules: readonly AnyAlertRule[],
  changes: RuleChanges,
  today: string,
): readonly Complaint[] {
  const byId = new Map(rules.map((rule) => [ruleId(rule), rule]));
  return [
    ...Object.entries(changes.overrides).flatMap(([id, override]) => {
      const rule = byId.get(id);
      return (rule ? aboutOverride(rule, override, today) : [unknownId(id, [...byId.keys()])]).map(
        ({ path, text }) => ({ path: [...overridesPath, id, ...path], text }),
      );
    }),
    ...crossingComplaints(rules, changes),
  ];
}

function unknownId(id: string, known: readonly string[]): Complaint {
  const near = nearestNames(id, known);
  const hint = near.length > 0 ? `nearest: ${near.join(', ')}` : 'docs/reference/alerts.md lists them';
  return { path: [], text: `there is no such alert; ${hint}` };
}

function aboutOverride(rule: AnyAlertRule, override: AlertOverride, today: string): readonly Complaint[] {
  const used: readonly string[] = thresholdsOf(rule.expr);
  const uses =
    used.length > 0
      ? `does not compare with it, but with ${[...new Set(used)].join(', ')}`
      : 'compares with no threshold';
  const unused = Object.keys(given(override.thresholds))
    .filter((name) => !used.includes(name))
    .map((name) => ({ path: ['thresholds', name], text: `the rule ${uses}` }));
  return [...unused, ...aboutOff(rule, override.off, today)];
}

function aboutOff(rule: AnyAlertRule, off: AlertOverride['off'], today: string): readonly Complaint[] {
  if (!off) return [];
  if (rule.severity === 'none')
    return [{ path: ['off'], text: 'allowed: nothing; it shows that alerts are delivered at all' }];
  const last = aYearAfter(today);
  return off.until <= last
    ? []
    : [{ path: ['off', 'until'], text: `given ${JSON.stringify(off.until)}; allowed: a date up to ${last}` }];
}

/** A day that the next year lacks becomes the one after. */
function aYearAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return dayOf(date);
}

/** Each at the key that moved one of the two thresholds. */
function crossingComplaints(rules: readonly AnyAlertRule[], changes: RuleChanges): readonly Complaint[] {
  return crossings(rules.map((rule) => changed(rule, changes))).map(({ mild, severe }) => {
    const mover = [mild, severe].find(
      ({ rule, threshold }) => changes.overrides[rule]?.thresholds?.[threshold] !== undefined,
    );
    const wide = changes.thresholds[mild.threshold] === undefined ? severe.threshold : mild.threshold;
    return {
      path: mover ? [...overridesPath, mover.rule, 'thresholds', mover.threshold] : ['thresholds', wide],
      text: `${mild.rule} would fire ${mild.fires} ${mild.value}, after ${severe.rule}, which fires ${severe.fires} ${severe.value}`,
    };
  });
}
