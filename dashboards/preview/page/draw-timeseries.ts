import type { BarSeriesOption, EChartsOption, LineSeriesOption, YAXisComponentOption } from 'echarts';
import { type AxisScale, axisScale, highest } from './axis.ts';
import { exemplarDots, exemplarSeries } from './draw-exemplars.ts';
import { marks, withAlpha } from './draw-marks.ts';
import {
  axisText,
  base,
  type Drawing,
  gridAround,
  timeAxis,
  tooltipBox,
  tooltipHead,
  tooltipRow,
} from './draw-parts.ts';
import { displayText, fieldOf, lineColor } from './field.ts';
import type { Frame } from './frames.ts';
import type { FieldConfig } from './model.ts';
import { namedColor } from './palette.ts';
import { fullTime } from './time.ts';
import { formatTick } from './units.ts';

/** A series as the legend shows it. */
export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function legendOf({ panel, data, theme }: Drawing): readonly LegendEntry[] {
  return data.frames.map(({ name, labels }, index) => ({
    name,
    labels,
    color: lineColor(index, fieldOf(panel, name), theme),
  }));
}

/** Lines or bars over time, thresholds as dashed lines, alerts as shaded regions. */
export function timeseriesOption(drawing: Drawing): EChartsOption {
  const { panel, data, theme, regions, shown } = drawing;
  const entries = legendOf(drawing);
  const defaults = fieldOf(panel, '');
  const tooltip = (points: unknown): string => tooltipHtml(points, drawing, entries);
  return {
    ...base(theme),
    grid: gridAround(drawing.legend ? 24 : 0),
    xAxis: timeAxis(drawing),
    yAxis: valueAxis(drawing, defaults),
    legend: drawing.legend
      ? {
          bottom: 2,
          left: 10,
          type: 'scroll',
          itemWidth: 14,
          itemHeight: 4,
          icon: 'roundRect',
          textStyle: axisText(theme),
        }
      : { show: false },
    tooltip: {
      ...tooltipBox(theme),
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: theme.secondary, type: 'dashed' } },
      formatter: tooltip,
    },
    series: [
      ...data.frames.flatMap((frame, index) =>
        shown && !shown.has(frame.name)
          ? []
          : [oneSeries(frame, entries[index]?.color ?? theme.text, drawing)],
      ),
      marks(defaults, regions, drawing),
      ...(drawing.exemplars
        ? [exemplarDots(drawing.exemplars, valueScale(drawing, defaults).top, theme)]
        : []),
    ],
  };
}

const isStacked = (field: FieldConfig): boolean => field.custom?.stacking?.mode === 'normal';

/** ECharts stacks by place in the list, so that stacked series need the same times: a missing one counts as 0. */
function pointsOf(frame: Frame, all: readonly Frame[], stacked: boolean): [number, number | null][] {
  if (!stacked) return frame.points.map(([time, value]) => [time, value]);
  const own = new Map(frame.points);
  const times = new Set(all.flatMap(({ points }) => points.map(([time]) => time)));
  return [...times].sort((left, right) => left - right).map((time) => [time, own.get(time) ?? 0]);
}

function oneSeries(
  frame: Frame,
  color: string,
  { panel, data, width }: Drawing,
): LineSeriesOption | BarSeriesOption {
  const field = fieldOf(panel, frame.name);
  const custom = field.custom ?? {};
  const points = pointsOf(frame, data.frames, isStacked(field));
  const common = { name: frame.name, data: points, ...(isStacked(field) && { stack: 'all' }) };
  if (custom.drawStyle === 'bars') {
    return {
      ...common,
      type: 'bar',
      // In pixels: a share would be of the gap between the points there are, the whole panel when there is only one.
      barWidth: Math.max(1, (0.82 * width * data.step * 1000) / (data.range.to - data.range.from)),
      itemStyle: { color, opacity: (custom.fillOpacity ?? 80) / 100 },
    };
  }
  const lonely = points.filter(([, value]) => value !== null).length < 2;
  return {
    ...common,
    type: 'line',
    symbol: 'circle',
    symbolSize: 6,
    showSymbol: lonely,
    connectNulls: false,
    // The line itself can be clicked, for its links.
    triggerEvent: 'line',
    lineStyle: { color, width: custom.lineWidth ?? 1 },
    itemStyle: { color },
    emphasis: { disabled: true },
    areaStyle: {
      color: {
        type: 'linear',
        x: 0,
        y: 0,
        x2: 0,
        y2: 1,
        colorStops: [
          { offset: 0, color: withAlpha(color, ((custom.fillOpacity ?? 0) / 100) * 2.2) },
          { offset: 1, color: withAlpha(color, 0) },
        ],
      },
    },
  };
}

interface ValueScale {
  readonly ticks: number;
  /** Where the axis ends; infinite where ECharts decides. */
  readonly top: number;
  readonly scale: AxisScale | undefined;
}

function valueScale({ data, height, shown }: Drawing, field: FieldConfig): ValueScale {
  const ticks = Math.max(2, Math.floor(height / 45));
  const drawn = data.frames.filter(({ name }) => !shown || shown.has(name)).map(({ points }) => points);
  const reach = Math.max(highest(drawn, isStacked(field)), field.custom?.axisSoftMax ?? 0);
  const scale = field.min === 0 && field.max === undefined ? axisScale(reach, ticks, field.unit) : undefined;
  return { ticks, scale, top: scale?.max ?? field.max ?? Number.POSITIVE_INFINITY };
}

function valueAxis(drawing: Drawing, field: FieldConfig): YAXisComponentOption {
  const { theme } = drawing;
  const { ticks, scale } = valueScale(drawing, field);
  return {
    type: 'value',
    splitNumber: ticks,
    // As in Grafana: only what starts at zero by its own setting does.
    ...(field.min === undefined ? { scale: true } : { min: field.min }),
    ...(field.max !== undefined && { max: field.max }),
    ...scale,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.grid } },
    axisLabel: {
      ...axisText(theme),
      formatter: (value: number) => formatTick(value, field.unit, field.decimals),
    },
  };
}

interface AxisPoint {
  readonly seriesName?: string;
  readonly value?: unknown;
}

function tooltipHtml(points: unknown, drawing: Drawing, entries: readonly LegendEntry[]): string {
  const list = (Array.isArray(points) ? points : [points]) as readonly AxisPoint[];
  const rows = list.flatMap(({ seriesName = '', value }) =>
    Array.isArray(value) && typeof value[1] === 'number' && seriesName !== exemplarSeries
      ? [{ name: seriesName, time: Number(value[0]), value: value[1] }]
      : [],
  );
  const time = rows[0]?.time;
  if (time === undefined) return '';
  const { panel, theme, regions } = drawing;
  const lines = rows
    .sort((left, right) => right.value - left.value)
    .slice(0, 20)
    .map(({ name, value }) => {
      const color = entries.find((entry) => entry.name === name)?.color ?? theme.text;
      return tooltipRow(color, name, displayText(value, fieldOf(panel, name)));
    });
  const alerts = regions
    .filter(({ from, to }) => time >= from && time <= to)
    .map(({ title, text, color }) => tooltipRow(namedColor(color, theme), title, text));
  return `${tooltipHead(fullTime(time), theme)}${lines.join('')}${
    alerts.length > 0 ? `<hr style="border:0;border-top:1px solid ${theme.border}">${alerts.join('')}` : ''
  }`;
}
