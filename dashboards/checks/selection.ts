import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { selectable } from '../../telemetry/query/check-logql.ts';
import { selectorsIn } from '../../telemetry/query/promql-tree.ts';
import { labelsOfSeries } from '../../telemetry/query/series.ts';
import { type Asked, type Finding, treeOf } from './asked.ts';

/** What people choose on top of a dashboard. */
const places = ['environment', 'cluster', 'namespace', 'service'] as const;

/** Panels that show more than what is chosen: a query without the matcher for one of the dashboard's variables. */
export function selectionFindings(model: Dashboard, asked: readonly Asked[]): readonly Finding[] {
  const chosen = places.filter((name) => model.templating.list?.some((variable) => variable.name === name));
  return asked.flatMap((query) => {
    const tree = treeOf(query);
    return (tree ? selectorsIn(tree) : []).flatMap(({ name, matchers }) => {
      const labels = name === undefined ? selectable : labelsOfSeries(name);
      const ignored = chosen.filter(
        (label) => labels?.has(label) && !matchers.some((matcher) => matcher.label === label),
      );
      return ignored.length === 0
        ? []
        : [
            {
              what: `${name ?? 'the streams'} of any ${ignored.join(', ')}, whatever is chosen on top`,
              where: query.where,
              fix: `select by ${ignored.map((label) => `$${label}`).join(', ')}, as \`selected\` of dashboards/panels/common.ts does`,
            },
          ];
    });
  });
}
