import { parseLogql } from '../../../telemetry/query/logql-expression.ts';
import type { Expression } from '../../../telemetry/query/promql-tree.ts';
import { parsePromql } from '../../../telemetry/query/promql-tree.ts';
import { type Query, renderQuery } from '../../../telemetry/query/query.ts';
import type { RecordingRule } from '../../recording.ts';
import { type AnyAlertRule, ruleId, type Suppression } from '../../rule.ts';

/** A rule as checks see it. */
export interface Subject {
  /** What a person looks for in the sources: `alert HighErrorRatio-warning`. */
  readonly where: string;
  readonly query: Query;
  /** As it is deployed. */
  readonly text: string;
  /** Undefined where the query has a syntax error. */
  readonly tree: Expression | undefined;
  /** Undefined for a recording rule. */
  readonly alert: AnyAlertRule | undefined;
  readonly allow: readonly Suppression[];
}

export interface AlertSubject extends Subject {
  readonly alert: AnyAlertRule;
}

export function alertSubject(alert: AnyAlertRule): AlertSubject {
  return { ...ofQuery(alert.expr), where: `alert ${ruleId(alert)}`, alert, allow: alert.allow ?? [] };
}

export function recordingSubject({ record, expr, labels, allow = [] }: RecordingRule): Subject {
  const added = labels ? ` ${JSON.stringify(labels)}` : '';
  return { ...ofQuery(expr), where: `recording rule ${record}${added}`, alert: undefined, allow };
}

function ofQuery(query: Query): Pick<Subject, 'query' | 'text' | 'tree'> {
  const text = renderQuery(query);
  return { query, text, tree: treeOf(query) };
}

/** The tree of a query, whichever language it is in. */
export function treeOf(query: Query): Expression | undefined {
  const text = renderQuery(query);
  return query.language === 'promql' ? parsePromql(text) : parseLogql(text);
}

export const isAlert = (subject: Subject): subject is AlertSubject => subject.alert !== undefined;
