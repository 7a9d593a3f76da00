import { datasources } from '../telemetry/contract/links.ts';

/**
 * A link to Grafana's Explore, relative to the site, that the preview understands as well. `${…}` of data links
 * stays as it is: Grafana fills it in before the URL is opened.
 * @param range epoch milliseconds or relative times; the dashboard's own by default
 */
export function exploreUrl(
  source: 'prometheus' | 'loki',
  expr: string,
  range: { readonly from: string; readonly to: string } = { from: '${__from}', to: '${__to}' },
): string {
  const { uid, type } = datasources[source];
  const panes = {
    a1b: {
      datasource: uid,
      queries: [{ refId: 'A', datasource: { type, uid }, expr, queryType: 'range', editorMode: 'code' }],
      range,
    },
  };
  const encoded = encodeURIComponent(JSON.stringify(panes)).replace(/%24%7B([\w.]+)%7D/g, '${$1}');
  return `/explore?schemaVersion=1&orgId=1&panes=${encoded}`;
}
