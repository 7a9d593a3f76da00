import { type Query, renderQuery } from '../../telemetry/query/query.ts';
import { type ExploreRange, explorePanes } from '../explore-url.ts';
import { type ParameterName, parameters, valuesFor } from './parameters.ts';

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

interface UrlOptions {
  /** Also with what is to be seen beside it. */
  readonly split?: boolean;
  /** The last hour by default. */
  readonly range?: ExploreRange;
}

/** The address of Explore with the query in it, relative to the site. Throws SL1632. */
export function savedQueryUrl(
  saved: SavedQuery,
  {
    values,
    split = false,
    range = { from: 'now-1h', to: 'now' },
  }: UrlOptions & { readonly values?: GivenValues } = {},
): string {
  const queries = queriesOf(saved, values);
  const panes = (split ? queries : queries.slice(0, 1)).map((query) => ({
    source: sourceOf(query),
    expr: renderQuery(query),
  }));
  return explorePanes(panes, range);
}

/**
 * The same with a hole for each parameter, which whoever shows the address fills in, encoded for an address: a
 * variable of a dashboard, a label of an alert.
 */
export function savedQueryUrlWithHoles(
  saved: SavedQuery,
  holes: Readonly<Partial<Record<ParameterName, string>>>,
  options: UrlOptions = {},
): string {
  const filled = saved.parameters.filter((name) => holes[name] !== undefined);
  const values = Object.fromEntries(filled.map((name) => [name, parameters[name].standIn]));
  return filled.reduce(
    (url, name) => url.replaceAll(parameters[name].standIn, holes[name] ?? ''),
    savedQueryUrl(saved, { ...options, values }),
  );
}
