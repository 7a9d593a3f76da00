import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { datasources } from '../../telemetry/contract/links.ts';
import { record, text } from '../placed.ts';
import { stableJson } from '../stable-json.ts';
import { type Finding, treeOf } from './asked.ts';

const known = new Map<string, string>(Object.values(datasources).map(({ uid, type }) => [uid, type]));

/** Links to Explore, wherever in the dashboard they stand, that open nothing. */
export function exploreLinkFindings(model: Dashboard): readonly Finding[] {
  const links = [...stableJson(model).matchAll(/\/explore\?([^"\s)\\]+)/g)].map(([, query = '']) => query);
  return [...new Set(links)].flatMap((query) => {
    const what = faultOf(new URLSearchParams(query.replace(/\$\{([\w.]+)(?::\w+)?\}/g, '1')).get('panes'));
    return what === undefined
      ? []
      : [
          {
            what: `a link to Explore ${what}`,
            where: String(model.uid),
            fix: 'make it with exploreUrl() of dashboards/explore-url.ts',
          },
        ];
  });
}

function faultOf(panes: string | null): string | undefined {
  const opened = Object.values(record(parsed(panes)));
  if (opened.length === 0) return 'has no panes that can be read';
  const queries = opened.flatMap((pane) => record(pane).queries);
  for (const query of queries) {
    const { type = '', uid = '' } = record(record(query).datasource) as { type?: string; uid?: string };
    if (known.get(uid) !== type) return `asks the data source ${uid}, which is not provisioned`;
    const expr = text(query, 'expr');
    if (!treeOf({ language: type === 'loki' ? 'logql' : 'promql', expr }))
      return `asks what cannot be parsed: ${expr}`;
  }
  return undefined;
}

function parsed(json: string | null): unknown {
  try {
    return JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
}
