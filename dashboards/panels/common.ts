import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { DashboardLink, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as loki from '@grafana/grafana-foundation-sdk/loki';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { datasources } from '../../telemetry/contract/links.ts';
import type { LogqlQuery, PromqlQuery, ThresholdValues } from '../../telemetry/query/query.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import { variable } from '../../telemetry/query/series.ts';
import { exploreUrl, ofTheDashboard } from '../explore-url.ts';
import { savedQueryById } from '../queries/index.ts';
import { savedQueryUrl } from '../queries/saved-query.ts';
import type { PanelSpec } from '../spec.ts';

/** What differs between two generations of the same panel: an environment's thresholds and addresses. */
export interface PanelContext {
  readonly thresholds: ThresholdValues;
  /** Address of a runbook, `{id}` in place of its name; without it panels link to none. */
  readonly runbooks?: string;
}

/** Title, what the panel shows and what to do when it looks wrong, and its space. */
export interface About {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Id of the saved query that shows what is behind the panel. */
  readonly savedQuery?: string;
}

export const prometheusRef: DataSourceRef = { type: datasources.prometheus.type, uid: '${datasource}' };
export const lokiRef: DataSourceRef = { type: datasources.loki.type, uid: '${loki}' };

const placed = {
  environment: variable('environment'),
  cluster: variable('cluster'),
  namespace: variable('namespace'),
  service: variable('service'),
} as const;

/** Matchers of every series on a dashboard: what the variables select. */
export const selected = { ...placed, instance: variable('instance') } as const;
/** The same for log streams, which know no instance. */
export const selectedStreams = placed;

/** For what is about no service of ours: a cluster, a namespace, a host. */
export const inCluster = { environment: placed.environment, cluster: placed.cluster } as const;
export const inNamespace = { ...inCluster, namespace: placed.namespace } as const;
export const onHost = { ...inCluster, instance: selected.instance } as const;

interface QueryOptions {
  readonly instant?: boolean;
  readonly format?: 'time_series' | 'table' | 'heatmap';
}

/** A Prometheus target of a panel. Exemplars are asked for, so that a slow request leads to its trace. */
export function prom(
  query: PromqlQuery,
  legend: string,
  context: PanelContext,
  { instant = false, format = 'time_series' }: QueryOptions = {},
): Builder<prometheus.Dataquery> {
  const target = new prometheus.DataqueryBuilder()
    .datasource(prometheusRef)
    .editorMode(prometheus.QueryEditorMode.Code)
    .expr(renderQuery(query, context.thresholds))
    .legendFormat(legend)
    .format(promFormats[format])
    .exemplar(!instant && format === 'time_series');
  return instant ? target.instant() : target.range();
}

const promFormats = {
  time_series: prometheus.PromQueryFormat.TimeSeries,
  table: prometheus.PromQueryFormat.Table,
  heatmap: prometheus.PromQueryFormat.Heatmap,
} as const;

/** A Loki target of a panel: a metric query with its legend, or lines. */
export function logsOf(query: LogqlQuery, context: PanelContext, legend?: string): Builder<loki.dataquery> {
  const target = new loki.DataqueryBuilder()
    .datasource(lokiRef)
    .editorMode(loki.QueryEditorMode.Code)
    .queryType('range')
    .expr(renderQuery(query, context.thresholds));
  return legend === undefined ? target.maxLines(500) : target.legendFormat(legend);
}

/** From a point of a series that has the label `service` to the lines that service wrote around it. */
export const logsOfSeries: Builder<DashboardLink> = new DashboardLinkBuilder(
  'Logs of ${__field.labels.service}',
)
  .url(exploreUrl('loki', '{service="${__field.labels.service}"}'))
  .targetBlank(true);

export const spec = (
  { width, height, savedQuery }: Pick<About, 'width' | 'height' | 'savedQuery'>,
  panel: Builder<Panel>,
): PanelSpec => ({
  width,
  height,
  panel,
  ...(savedQuery !== undefined && { links: [savedQueryLink(savedQuery)] }),
});

/** To the lines behind a panel, in the time range shown. Throws SL1632 when there is no such saved query. */
function savedQueryLink(id: string): Builder<DashboardLink> {
  const saved = savedQueryById(id);
  return new DashboardLinkBuilder(`Saved query: ${saved.title}`)
    .url(savedQueryUrl(saved, { range: ofTheDashboard }))
    .targetBlank(true);
}
