import type { Range } from './time.ts';

export interface ExploreQuery {
  readonly source: 'prometheus' | 'loki';
  readonly exprs: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** The page that runs one query, in the format of Grafana's Explore. */
export function explorePath(source: 'prometheus' | 'loki', exprs: readonly string[], range: Range): string {
  return explorePathOf([{ source, exprs, from: String(range.from), to: String(range.to) }]);
}

/** One pane, or two side by side. */
export function explorePathOf(queries: readonly ExploreQuery[]): string {
  const panes = queries.map(({ source, exprs, from, to }, index) => [
    `${'abc'[index]}1b`,
    {
      datasource: source,
      queries: exprs.map((expr, at) => ({
        refId: String.fromCharCode(65 + at),
        datasource: { type: source, uid: source },
        expr,
      })),
      range: { from, to },
    },
  ]);
  return `/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(Object.fromEntries(panes)))}`;
}

interface Pane {
  readonly datasource?: unknown;
  readonly queries?: unknown;
  readonly range?: { readonly from?: unknown; readonly to?: unknown };
}

interface ParsedAddress {
  /** At least one. */
  readonly queries: readonly ExploreQuery[];
  /** What could not be understood; then an empty query stands in its place. */
  readonly problem?: string;
}

const empty: ExploreQuery = { source: 'prometheus', exprs: [''], from: 'now-1h', to: 'now' };

/** Panes that are shown side by side. */
export const maxPanes = 2;

/** Panes of an Explore URL of Grafana, one query box each. */
export const parseExplore = (url: URLSearchParams): readonly ExploreQuery[] => readExplore(url).queries;

/** The same, with what could not be understood. */
export function readExplore(url: URLSearchParams): ParsedAddress {
  const text = url.get('panes');
  if (text === null) return { queries: [empty] };
  const panes = parsePanes(text);
  if (!panes)
    return {
      queries: [empty],
      problem: '“panes” in the address is not the JSON of an Explore link of Grafana.',
    };
  if (panes.length === 0) return { queries: [empty] };
  const parsed = panes.slice(0, maxPanes).map(paneQuery);
  const unknown = parsed.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const more =
    panes.length > maxPanes
      ? [`The address has ${panes.length} panes; the first ${maxPanes} are shown.`]
      : [];
  const problems = [...unknown, ...more];
  return {
    queries: parsed.map(({ query }) => query),
    ...(problems.length > 0 && { problem: problems.join(' ') }),
  };
}

function paneQuery(pane: Pane): { readonly query: ExploreQuery; readonly problem?: string } {
  const queries = (Array.isArray(pane.queries) ? pane.queries : []).filter(isObject);
  const [first] = queries;
  const reference = first && isObject(first.datasource) ? first.datasource.type : undefined;
  const name = String(reference ?? pane.datasource ?? '');
  const source = name.toLowerCase().includes('loki') ? 'loki' : 'prometheus';
  const query: ExploreQuery = {
    source,
    exprs: queries.length === 0 ? [''] : queries.map(({ expr }) => (typeof expr === 'string' ? expr : '')),
    from: String(pane.range?.from ?? 'now-1h'),
    to: String(pane.range?.to ?? 'now'),
  };
  return /loki|prometheus/i.test(name)
    ? { query }
    : {
        query,
        problem: `The address asks the data source “${name.slice(0, 60)}”, which is not one of the preview.`,
      };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsePanes(text: string): readonly Pane[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) return undefined;
    const panes = Object.values(parsed);
    return panes.every(isObject) ? panes : undefined;
  } catch {
    return undefined;
  }
}
