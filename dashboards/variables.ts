import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { datasources } from '../telemetry/contract/links.ts';
import { type ServiceName, serviceNames } from '../telemetry/contract/services.ts';
import { anySeries, promql, renderQuery } from '../telemetry/query/query.ts';
import { type LabelOfSeries, type Matchers, type SeriesName, variable } from '../telemetry/query/series.ts';
import { prometheusRef } from './panels/common.ts';

function datasource(name: string, label: string, kind: 'prometheus' | 'loki'): Builder<VariableModel> {
  const { type, uid, name: text } = datasources[kind];
  return new DatasourceVariableBuilder(name).label(label).type(type).current({ text, value: uid });
}

/** The data sources that panels ask: `$datasource`, and `$loki`. */
const metricsSource = datasource('datasource', 'Metrics', 'prometheus');
const logsSource = datasource('loki', 'Logs', 'loki');

const titles: Readonly<Record<string, string>> = {
  consumergroup: 'Consumer group',
  slo: 'SLO',
};

const titleOf = (label: string): string =>
  titles[label] ?? `${label.charAt(0).toUpperCase()}${label.slice(1)}`;

/**
 * Variables with the values that labels of a series have, each narrowed by those before it.
 * @param all what All of a label stands for: `.*` by default, which also takes series without the label;
 *   `listed` means exactly the values in the list, `.+` any value
 */
function ofLabels<S extends SeriesName>(
  source: S,
  labels: readonly LabelOfSeries<S>[],
  all: { readonly [L in LabelOfSeries<S>]?: 'listed' | '.+' },
  only: Matchers<S> = {},
): readonly Builder<VariableModel>[] {
  return labels.map((label, index) => {
    const before = labels.slice(0, index).map((parent) => [parent, variable(parent)]);
    const parents: Matchers<S> = { ...only, ...Object.fromEntries(before) };
    const query = `label_values(${renderQuery(promql`${anySeries(source, parents)}`)}, ${label})`;
    const built = new QueryVariableBuilder(label)
      .label(titleOf(label))
      .datasource(prometheusRef)
      // 1 is Grafana's number for "label values".
      .query({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      .allowCustomValue(true)
      .current({ selected: true, text: ['All'], value: ['$__all'] });
    const allValue = all[label] ?? '.*';
    return allValue === 'listed' ? built : built.allValue(allValue);
  });
}

const places = ['environment', 'cluster', 'namespace', 'service'] as const;

/** The variables of dashboards about our services; alerts link to them by name. */
export const serviceVariables = (): readonly Builder<VariableModel>[] => [
  metricsSource,
  logsSource,
  ...ofLabels('service_build_info', [...places, 'instance'], { service: 'listed' }),
];

/** For a dashboard about one service: panels still select by `$service`, which nobody can change. */
export const variablesOfService = (service: ServiceName): readonly Builder<VariableModel>[] => [
  metricsSource,
  logsSource,
  new CustomVariableBuilder('service')
    .label('Service')
    .values(service)
    .current({ selected: true, text: service, value: service })
    .hide(VariableHide.HideVariable),
  ...ofLabels('service_build_info', ['environment', 'cluster', 'namespace', 'instance'], {}, { service }),
];

/** The same for a dashboard whose panels do not tell instances apart. */
export const placeVariables = (): readonly Builder<VariableModel>[] => [
  metricsSource,
  logsSource,
  ...ofLabels('service_build_info', places, { service: 'listed' }),
];

/** Of everything that is scraped, the stack itself included. Loki wants one matcher that excludes the empty value. */
export const everythingVariables = (): readonly Builder<VariableModel>[] => [
  metricsSource,
  logsSource,
  ...ofLabels('up', places, { service: '.+' }),
];

/** @param logs whether a panel asks Loki */
export function variablesOf<S extends SeriesName>(
  source: S,
  labels: readonly LabelOfSeries<S>[],
  { logs = false }: { readonly logs?: boolean } = {},
): readonly Builder<VariableModel>[] {
  return [metricsSource, ...(logs ? [logsSource] : []), ...ofLabels(source, labels, {})];
}

/** What a person types in. */
export const textVariable = (name: string, label: string, description: string, value: string) =>
  new TextBoxVariableBuilder(name).label(label).description(description).defaultValue(value);

/** One of the services, and always one. */
export const oneServiceVariable = (name: string, label: string): Builder<VariableModel> =>
  new CustomVariableBuilder(name)
    .label(label)
    .values(serviceNames.join(','))
    .current({
      selected: true,
      text: serviceNames[0] ?? '',
      value: serviceNames[0] ?? '',
    });

/** Text that log lines must contain, in any case of letters. */
export const searchVariable: Builder<VariableModel> = new TextBoxVariableBuilder('search')
  .label('Search logs')
  .description('A regular expression; lines are searched in any case of letters');
