import { datasources } from '../telemetry/contract/links.ts';

export interface ExploreRange {
  readonly from: string;
  readonly to: string;
}

export interface ExplorePane {
  readonly source: 'prometheus' | 'loki';
  readonly expr: string;
}

/** The dashboard's own. */
export const ofTheDashboard: ExploreRange = { from: '${__from}', to: '${__to}' };

/**
 * A link to Grafana's Explore, relative to the site, that the preview understands as well. `${…}` of data links
 * stays as it is: Grafana fills it in before the URL is opened.
 * @param range epoch milliseconds or relative times; the dashboard's own by default
 */
export function exploreUrl(
  source: 'prometheus' | 'loki',
  expr: string,
  range: ExploreRange = ofTheDashboard,
): string {
  return explorePanes([{ source, expr }], range);
}

/** The same for one pane, or two side by side. */
export function explorePanes(panes: readonly ExplorePane[], range: ExploreRange): string {
  const byKey = Object.fromEntries(
    panes.map(({ source, expr }, index) => {
      const { uid, type } = datasources[source];
      const query = { refId: 'A', datasource: { type, uid }, expr, queryType: 'range', editorMode: 'code' };
      return [`${'abc'[index]}1b`, { datasource: uid, queries: [query], range }];
    }),
  );
  const encoded = encodeURIComponent(JSON.stringify(byKey))
    .replace(/%24%7B([\w.]+)%7D/g, '${$1}')
    // A parenthesis would end a link in Markdown.
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
  return `/explore?schemaVersion=1&orgId=1&panes=${encoded}`;
}
