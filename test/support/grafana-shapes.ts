/**
 * What Grafana accepts, by the types that it is built with itself (npm package @grafana/schema, generated from
 * Grafana's own definitions of its kinds). Grafana leaves the queries of Prometheus and Loki to their plugins; those are
 * the foundation SDK's. A schema of JSON is made of this file by grafana-schema.ts.
 */
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { AnnotationContainer, Dashboard, Panel, RowPanel, VariableModel } from '@grafana/schema';
import type { Options as BarGauge } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type {
  Options as Heatmap,
  FieldConfig as HeatmapField,
} from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type { Options as Logs } from '@grafana/schema/dist/esm/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen';
import type { Options as Stat } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  Options as StateTimeline,
  FieldConfig as StateTimelineField,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type {
  Options as Table,
  FieldConfig as TableField,
} from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { Options as Text } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type {
  Options as TimeSeries,
  FieldConfig as TimeSeriesField,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** Options are checked as far as they are given: Grafana fills in the rest. */
export interface GrafanaShapes {
  /** Without its panels, variables and annotations, which have shapes of their own. */
  dashboard: Omit<Dashboard, 'panels' | 'templating' | 'annotations'>;
  variable: VariableModel;
  annotations: AnnotationContainer;
  row: Omit<RowPanel, 'panels'>;
  panel: Omit<Panel, 'options' | 'fieldConfig' | 'targets'>;
  defaults: Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'>;
  options: {
    bargauge: Partial<BarGauge>;
    heatmap: Partial<Heatmap>;
    logs: Partial<Logs>;
    stat: Partial<Stat>;
    'state-timeline': Partial<StateTimeline>;
    table: Partial<Table>;
    text: Partial<Text>;
    timeseries: Partial<TimeSeries>;
  };
  custom: {
    heatmap: Partial<HeatmapField>;
    'state-timeline': Partial<StateTimelineField>;
    table: Partial<TableField>;
    timeseries: Partial<TimeSeriesField>;
  };
  query: { prometheus: PrometheusQuery; loki: LokiQuery };
}
