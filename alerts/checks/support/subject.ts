import type { Expression } from '../../../telemetry/query/promql-tree.ts';
import { parsePromql } from '../../../telemetry/query/promql-tree.ts';
import { type Query, renderQuery, type ThresholdValues } from '../../../telemetry/query/query.ts';
import { type AnyAlertRule, ruleId, type Suppression } from '../../rule.ts';

/** A rule as checks see it. */
export interface Subject {
  /** What a person looks for in the sources: `alert HighErrorRatio-critical`. */
  readonly where: string;
  readonly query: Query;
  /** As it is deployed, with the thresholds of the environment. */
  readonly text: string;
  /** Undefined where the query has a syntax error. */
  readonly tree: Expression | undefined;
  readonly alert: AnyAlertRule;
  readonly allow: readonly Suppression[];
}

export function subjectOf(alert: AnyAlertRule, thresholds: ThresholdValues): Subject {
  const text = renderQuery(alert.expr, thresholds);
  return {
    where: `alert ${ruleId(alert)}`,
    query: alert.expr,
    text,
    tree: treeOf(alert.expr, text),
    alert,
    allow: alert.allow ?? [],
  };
}

/** The tree of a rendered query, whichever language it is in. */
export function treeOf(query: Query, text: string): Expression | undefined {
  return query.language === 'promql' ? parsePromql(text) : undefined;
}
