import type { EChartsOption } from 'echarts';
import { barGaugeOption } from './draw-bargauge.ts';
import { gaugeOption } from './draw-gauge.ts';
import { heatmapOption } from './draw-heatmap.ts';
import type { Drawing } from './draw-parts.ts';
import { statOption } from './draw-stat.ts';
import { stateTimelineOption } from './draw-state-timeline.ts';
import { timeseriesOption } from './draw-timeseries.ts';

const options: Readonly<Record<string, (drawing: Drawing) => EChartsOption>> = {
  timeseries: timeseriesOption,
  stat: statOption,
  gauge: gaugeOption,
  bargauge: barGaugeOption,
  heatmap: heatmapOption,
  'state-timeline': stateTimelineOption,
};

/** A panel with its data as an ECharts option; undefined for panels that are text: tables, logs, text. */
export const chartOption = (drawing: Drawing): EChartsOption | undefined =>
  options[drawing.panel.type]?.(drawing);
