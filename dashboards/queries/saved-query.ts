import { type Query, renderQuery } from '../../telemetry/query/query.ts';
import { explorePanes } from '../explore-url.ts';
import { type ParameterName, valuesFor } from './parameters.ts';

/** A query that is worth keeping, with all that a person must know to use it. */
export interface SavedQuery<P extends ParameterName = ParameterName> {
  /** Lower case, words joined by hyphens: for addresses and scripts. */
  readonly id: string;
  readonly title: string;
  /** What it answers. */
  readonly question: string;
  readonly whenToUse: string;
  /** Ids of the alerts after which it is of use. */
  readonly alerts: readonly string[];
  /** What a person fills in. */
  readonly parameters: readonly P[];
  query(values: Readonly<Record<P, string>>): Query;
  /** What to look at beside it: metrics beside lines, or the other way round. */
  beside?(values: Readonly<Record<P, string>>): Query;
}

/** A saved query whose texts may use its own parameters only. */
export const savedQuery = <const P extends ParameterName = never>(definition: SavedQuery<P>): SavedQuery =>
  definition;

/** By name of the parameter. */
export type GivenValues = Readonly<Record<string, string>>;

export const sourceOf = ({ language }: Query): 'loki' | 'prometheus' =>
  language === 'logql' ? 'loki' : 'prometheus';

/** The query, and what is to be seen beside it, with the values filled in. Throws SL1632. */
export function queriesOf(saved: SavedQuery, given: GivenValues = {}): readonly Query[] {
  const values = valuesFor(saved, given);
  const beside = saved.beside?.(values);
  return [saved.query(values), ...(beside ? [beside] : [])];
}

/** As Prometheus or Loki reads it. Throws SL1632. */
export const expressionOf = (saved: SavedQuery, given: GivenValues = {}): string =>
  renderQuery(saved.query(valuesFor(saved, given)));

/**
 * The address of Explore with the query in it, relative to the site. Throws SL1632.
 * @param options.split also with what is to be seen beside it
 */
export function savedQueryUrl(
  saved: SavedQuery,
  options: { readonly values?: GivenValues; readonly split?: boolean } = {},
): string {
  const queries = queriesOf(saved, options.values);
  const panes = (options.split ? queries : queries.slice(0, 1)).map((query) => ({
    source: sourceOf(query),
    expr: renderQuery(query),
  }));
  return explorePanes(panes, { from: 'now-1h', to: 'now' });
}
