import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Problem } from '../../telemetry/errors.ts';
import { parseLogql } from '../../telemetry/query/logql-expression.ts';
import { type Expression, parsePromql } from '../../telemetry/query/promql-tree.ts';
import { withoutVariables } from '../../telemetry/query/variables.ts';
import { type Placed, record, text } from '../placed.ts';

/** A query of a panel. */
export interface Asked {
  readonly panel: Panel;
  readonly where: string;
  readonly language: 'promql' | 'logql';
  /** As it stands in the panel. */
  readonly expr: string;
  readonly legend: string;
  /** One value of each series, and no course over time. */
  readonly instant: boolean;
}

/** Every query of the panels, with where it stands for messages. */
export const askedBy = (placed: readonly Placed[]): readonly Asked[] =>
  placed.flatMap(({ panel, where }) =>
    (panel.targets ?? []).map((target) => ({
      panel,
      where: `${where}, query ${text(target, 'refId')}`,
      language: text(record(target).datasource, 'type') === 'loki' ? 'logql' : 'promql',
      expr: text(target, 'expr'),
      legend: text(target, 'legendFormat'),
      instant: record(target).instant === true,
    })),
  );

/** Undefined where there is a syntax error, which another check names. @param values of variables that are fixed */
export function treeOf(
  { language, expr }: Pick<Asked, 'language' | 'expr'>,
  values: ReadonlyMap<string, string> = new Map(),
): Expression | undefined {
  const filled = [...values].reduce(
    (query, [name, value]) => query.replaceAll(new RegExp(`\\$(?:${name}\\b|\\{${name}\\})`, 'g'), value),
    expr,
  );
  const query = withoutVariables(filled);
  if (language === 'promql') return parsePromql(query);
  // What selects lines is read as the count of them.
  return parseLogql(query) ?? parseLogql(`count_over_time(${query} [1m])`);
}

export type Finding = Pick<Problem, 'what' | 'where' | 'fix'>;
