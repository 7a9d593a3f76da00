import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { TargetLabel } from '../telemetry/contract/labels.ts';
import { datasources } from '../telemetry/contract/links.ts';
import { promql, renderQuery, series } from '../telemetry/query/query.ts';
import { variable } from '../telemetry/query/series.ts';
import { prometheusRef } from './panels/common.ts';

function datasource(name: string, label: string, kind: 'prometheus' | 'loki'): Builder<VariableModel> {
  const { type, uid, name: text } = datasources[kind];
  return new DatasourceVariableBuilder(name).label(label).type(type).current({ text, value: uid });
}

type Parents = Readonly<
  Partial<Record<'environment' | 'cluster' | 'namespace' | 'service', ReturnType<typeof variable>>>
>;

/**
 * A variable with the values that a target label has on our services.
 * @param allValue what All stands for. `.*` also takes series without the label; undefined means exactly the
 *   values in the list.
 */
function ofLabel(
  label: TargetLabel,
  title: string,
  parents: Parents,
  allValue?: string,
): Builder<VariableModel> {
  const source = renderQuery(promql`${series('service_build_info', parents)}`);
  const query = `label_values(${source}, ${label})`;
  const built = new QueryVariableBuilder(label)
    .label(title)
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
  return allValue === undefined ? built : built.allValue(allValue);
}

/** The variables that every dashboard of services has; alerts link to them by name. */
export function serviceVariables(): readonly Builder<VariableModel>[] {
  const environment = variable('environment');
  const cluster = variable('cluster');
  const namespace = variable('namespace');
  const service = variable('service');
  return [
    datasource('datasource', 'Metrics', 'prometheus'),
    datasource('loki', 'Logs', 'loki'),
    ofLabel('environment', 'Environment', {}, '.*'),
    ofLabel('cluster', 'Cluster', { environment }, '.*'),
    ofLabel('namespace', 'Namespace', { environment, cluster }, '.*'),
    ofLabel('service', 'Service', { environment, cluster, namespace }),
    ofLabel('instance', 'Instance', { environment, cluster, namespace, service }, '.*'),
  ];
}

/** Text that log lines must contain, in any case of letters. */
export const searchVariable: Builder<VariableModel> = new TextBoxVariableBuilder('search')
  .label('Search logs')
  .description('A regular expression; lines are searched in any case of letters');
