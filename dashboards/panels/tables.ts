import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import * as table from '@grafana/grafana-foundation-sdk/table';
import type { PromqlQuery } from '../../telemetry/query/query.ts';
import { type PanelContext, prom, prometheusRef } from './common.ts';

export interface TableOf {
  readonly title: string;
  readonly description: string;
  /** Title of each label that tells the rows apart, in their order. */
  readonly rows: Readonly<Record<string, string>>;
  readonly columns: readonly { readonly title: string; readonly unit: string; readonly query: PromqlQuery }[];
  /** Title of the column whose greatest values come first. */
  readonly sortBy: string;
}

/** A query a column, joined by their labels, as it is now. */
export function tableOf(wanted: TableOf, context: PanelContext): table.PanelBuilder {
  const { rows, columns } = wanted;
  // Grafana calls the only value of a table Value, and several ones by the letters of their queries.
  const valueName = (index: number): string =>
    columns.length === 1 ? 'Value' : `Value #${String.fromCharCode(65 + index)}`;
  const names = [...Object.keys(rows), ...columns.map((_, index) => valueName(index))];
  const titles = [...Object.values(rows), ...columns.map(({ title }) => title)];
  const panel = new table.PanelBuilder()
    .title(wanted.title)
    .description(wanted.description)
    .datasource(prometheusRef)
    .targets(columns.map(({ query }) => prom(query, '', context, { instant: true, format: 'table' })))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
        renameByName: Object.fromEntries(names.map((name, index) => [name, titles[index] ?? name])),
      },
    })
    .unit('short')
    .noValue('–')
    .sortBy([new TableSortByFieldStateBuilder().displayName(wanted.sortBy).desc(true)]);
  for (const { title, unit } of columns) panel.overrideByName(title, [{ id: 'unit', value: unit }]);
  return panel;
}
