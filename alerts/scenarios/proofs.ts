import { parsePromql, selectorsIn } from '../../telemetry/query/promql-tree.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import { metricOfSeries } from '../../telemetry/query/series.ts';
import { replaced } from '../mutants/edit.ts';
import { declaredEquivalents } from '../mutants/equivalent.ts';
import { moveBoundary } from '../mutants/move-boundary.ts';
import type { Breakable } from '../mutants/operator.ts';
import { type AlertRule, ruleId } from '../rule.ts';
import { burnPairs } from './burn-pairs.ts';
import { type Kind, kindsOf } from './kinds.ts';
import { restarts } from './samples.ts';
import type { Scenario } from './scenario.ts';

/** What scenarios must show of a rule. */
const proofs = {
  threshold: ['fires', 'stays quiet', 'exactly at the threshold', 'counter reset'],
  absence: ['fires', 'stays quiet'],
  'burn rate': ['fires fast', 'fires slow', 'stays quiet', 'recovers'],
  constant: ['fires'],
} as const satisfies Record<Kind, readonly string[]>;
export type Proof = (typeof proofs)[Kind][number];

export const proofsOf = (kind: Kind): readonly Proof[] => proofs[kind];

/** The rule changed so that just the scenarios notice which show something. */
export interface Probe {
  readonly proof: Proof;
  /** What was changed, for a person. */
  readonly change: string;
  readonly form: Breakable;
}

/** Whether the rule's scenarios really show what they say is asked of the rule itself, slightly changed. */
export function probesOf(rule: AlertRule): readonly Probe[] {
  const whole: Breakable = { expr: renderQuery(rule.expr), ...(rule.for && { for: rule.for.duration }) };
  const kinds = kindsOf(whole.expr);
  return [
    ...(kinds.includes('threshold') ? atThresholds(rule, whole) : []),
    ...(kinds.includes('burn rate') ? ofBurnRates(whole) : []),
  ];
}

/** `>` for `>=`: only a scenario with exactly that value notices. */
function atThresholds(rule: AlertRule, whole: Breakable): readonly Probe[] {
  const never = declaredEquivalents.filter(
    (declared) => declared.rule === ruleId(rule) && declared.operator === moveBoundary.name,
  );
  return moveBoundary
    .mutate(whole)
    .filter(({ change }) => !never.some((declared) => declared.change === change))
    .map(({ change, broken }) => ({ proof: 'exactly at the threshold', change, form: broken }));
}

/** Without its fastest pair, without its slowest, and with the short windows always beyond the limit. */
function ofBurnRates(whole: Breakable): readonly Probe[] {
  const pairs = burnPairs(whole.expr);
  const [fastest, slowest] = [pairs[0], pairs.at(-1)];
  const withLimits = (places: readonly { readonly from: number; readonly to: number }[], text: string) => ({
    ...whole,
    expr: replaced(
      whole.expr,
      places.toSorted((a, b) => a.from - b.from).map((place) => ({ ...place, text })),
    ),
  });
  if (!fastest || !slowest) return [];
  return [
    {
      proof: 'fires fast',
      change: 'the fastest windows never count',
      form: withLimits([fastest.longLimit], 'Inf'),
    },
    {
      proof: 'fires slow',
      change: 'the slowest windows never count',
      form: withLimits([slowest.longLimit], 'Inf'),
    },
    {
      proof: 'recovers',
      change: 'the short windows always count',
      form: withLimits(
        pairs.map(({ shortLimit }) => shortLimit),
        '-1',
      ),
    },
  ];
}

const isFiring = (rule: AlertRule, { firing }: Scenario): boolean =>
  firing.some(({ severity }) => severity === rule.severity);

/**
 * Whether these scenarios of the rule's family show it. `noticed` are those that fail with the probe; without a probe
 * the scenarios themselves tell.
 */
export function shows(
  proof: Proof,
  rule: AlertRule,
  scenarios: readonly Scenario[],
  noticed: readonly Scenario[],
): boolean {
  switch (proof) {
    case 'fires':
      return scenarios.some((scenario) => isFiring(rule, scenario));
    case 'stays quiet':
      return scenarios.some((scenario) => !isFiring(rule, scenario));
    case 'exactly at the threshold':
      return noticed.length > 0;
    case 'counter reset': {
      const counters = countersOf(rule);
      return counters.size === 0 || scenarios.some((scenario) => restarts(scenario, counters));
    }
    case 'fires fast':
    case 'fires slow':
      return noticed.some((scenario) => isFiring(rule, scenario));
    case 'recovers':
      return noticed.some((scenario) => !isFiring(rule, scenario));
  }
}

/** Counters, buckets included, that the rule reads itself. */
function countersOf(rule: AlertRule): ReadonlySet<string> {
  const tree = parsePromql(renderQuery(rule.expr));
  const names = tree ? selectorsIn(tree).flatMap(({ name }) => name ?? []) : [];
  return new Set(names.filter((name) => ['counter', 'histogram'].includes(metricOfSeries(name)?.type ?? '')));
}
