import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, EChartsOption } from 'echarts';
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
import { displayText, fieldOf, valueColor } from './field.ts';
import type { Frame } from './frames.ts';
import { fullTime } from './time.ts';

/** Pixels: a single row is a band, not a wall. */
const thickest = 32;

interface Stretch {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Neighbouring points of one value become one stretch; a gap ends it. @param step seconds */
export function stretchesOf({ points }: Frame, row: number, step: number): readonly Stretch[] {
  const stretches: { row: number; from: number; to: number; value: number }[] = [];
  let open: { row: number; from: number; to: number; value: number } | undefined;
  for (const [time, value] of points) {
    if (open && value === open.value) open.to = time + step * 1000;
    else {
      if (open) open.to = Math.min(open.to, time);
      open = value === null ? undefined : { row, from: time, to: time + step * 1000, value };
      if (open) stretches.push(open);
    }
  }
  return stretches;
}

export function stateTimelineOption(drawing: Drawing): EChartsOption {
  const { panel, data, theme, width } = drawing;
  // The first series stands on top, and ECharts counts categories from below.
  const frames = data.frames.toSorted((left, right) => (left.name < right.name ? 1 : -1));
  const stretches = frames.flatMap((frame, row) => stretchesOf(frame, row, data.step));
  return {
    ...base(theme),
    grid: gridAround(),
    xAxis: timeAxis(drawing, false),
    yAxis: {
      type: 'category',
      data: frames.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...axisText(theme),
        width: Math.max(120, Math.min(320, width * 0.3)),
        overflow: 'truncate',
        interval: 0,
      },
    },
    tooltip: {
      ...tooltipBox(theme),
      formatter: (parameters) => {
        const stretch = Array.isArray(parameters) ? undefined : stretches[parameters.dataIndex];
        const frame = stretch && frames[stretch.row];
        if (!stretch || !frame) return '';
        const field = fieldOf(panel, frame.name);
        const span = `${fullTime(stretch.from)} to ${fullTime(stretch.to)}`;
        const color = valueColor(stretch.value, field, theme);
        return tooltipHead(span, theme) + tooltipRow(color, frame.name, displayText(stretch.value, field));
      },
    },
    series: [
      {
        type: 'custom',
        name: 'states',
        clip: true,
        encode: { x: [1, 2], y: 0 },
        data: stretches.map(({ row, from, to, value }) => [row, from, to, value]),
        renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
          const row = Number(api.value(0));
          const [left = 0, middle = 0] = api.coord([api.value(1), row]);
          const [right = 0] = api.coord([api.value(2), row]);
          const band = api.size?.([0, 1]);
          const height = Math.min(thickest, (Array.isArray(band) ? Number(band[1]) : 20) * 0.72);
          const field = fieldOf(panel, frames[row]?.name ?? '');
          return {
            type: 'rect' as const,
            shape: { x: left, y: middle - height / 2, width: Math.max(1, right - left), height, r: 2 },
            style: { fill: valueColor(Number(api.value(3)), field, theme), opacity: 0.8 },
          };
        },
      },
    ],
  };
}
