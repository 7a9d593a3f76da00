import type { Range } from './time.ts';

export interface ExploreQuery {
  readonly source: 'prometheus' | 'loki';
  readonly exprs: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** The page that runs one query, in the format of Grafana's Explore. */
export function explorePath(source: 'prometheus' | 'loki', exprs: readonly string[], range: Range): string {
  return explorePathOf({ source, exprs, from: String(range.from), to: String(range.to) });
}

export function explorePathOf({ source, exprs, from, to }: ExploreQuery): string {
  const queries = exprs.map((expr, index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: { type: source, uid: source },
    expr,
  }));
  const panes = { a1b: { datasource: source, queries, range: { from, to } } };
  return `/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`;
}

interface Pane {
  readonly datasource?: string;
  readonly queries?: readonly { readonly expr?: string; readonly datasource?: { readonly type?: string } }[];
  readonly range?: { readonly from?: string; readonly to?: string };
}

/** Panes of an Explore URL of Grafana, one query box each; an unreadable URL gives one empty pane. */
export function parseExplore(url: URLSearchParams): readonly ExploreQuery[] {
  const panes = Object.values(parsePanes(url.get('panes'))).map(
    ({ datasource = '', queries = [], range }) => {
      const type = queries[0]?.datasource?.type ?? datasource;
      return {
        source: type === 'loki' ? ('loki' as const) : ('prometheus' as const),
        exprs: queries.map(({ expr }) => expr ?? ''),
        from: String(range?.from ?? 'now-1h'),
        to: String(range?.to ?? 'now'),
      };
    },
  );
  return panes.length > 0 ? panes : [{ source: 'prometheus', exprs: ['up'], from: 'now-1h', to: 'now' }];
}

function parsePanes(text: string | null): Readonly<Record<string, Pane>> {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, Pane>) : {};
  } catch {
    return {};
  }
}
