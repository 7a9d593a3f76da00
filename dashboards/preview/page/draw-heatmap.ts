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
import type { Frame } from './frames.ts';
import { rampColor } from './palette.ts';
import { fullTime } from './time.ts';
import { formatTick, formatValue } from './units.ts';

/** Samples that fell between two bounds, for each point in time. */
interface Band {
  readonly low: number;
  readonly high: number;
  readonly cells: readonly (readonly [time: number, count: number])[];
}

const boundOf = ({ labels }: Frame): number => {
  const text = labels.le ?? '';
  return text === '+Inf' ? Infinity : Number(text);
};

/** Prometheus' buckets count everything below their bound; a heatmap shows what lies between two. */
export function bandsOf(frames: readonly Frame[]): readonly Band[] {
  const sorted = frames.toSorted((left, right) => boundOf(left) - boundOf(right));
  const bands = sorted.map((frame, index): Band => {
    const below = sorted[index - 1];
    const counts = new Map(below?.points ?? []);
    const cells = frame.points.flatMap(([time, value]): [number, number][] =>
      value === null ? [] : [[time, Math.max(0, value - (counts.get(time) ?? 0))]],
    );
    return { low: below ? boundOf(below) : 0, high: boundOf(frame), cells };
  });
  const used = bands.map(({ cells }) => cells.some(([, count]) => count > 0));
  return bands.slice(Math.max(0, used.indexOf(true)), used.lastIndexOf(true) + 1);
}

const bandLabel = (bound: number, unit: string | undefined): string =>
  Number.isFinite(bound) ? formatTick(bound, unit) : '+Inf';

export function heatmapOption(drawing: Drawing): EChartsOption {
  const { panel, data, theme } = drawing;
  const bands = bandsOf(data.frames);
  const unit = panel.options?.yAxis?.unit ?? panel.fieldConfig?.defaults.unit;
  const most = Math.max(...bands.flatMap(({ cells }) => cells.map(([, count]) => count)), 1e-9);
  // A root brings out the few slow requests beside the many fast ones.
  const share = (count: number): number => Math.sqrt(count / most);
  const cells = bands.flatMap(({ cells: list }, row) =>
    list.filter(([, count]) => count > 0).map(([time, count]) => [time, row, count]),
  );
  return {
    ...base(theme),
    grid: gridAround(),
    xAxis: timeAxis(drawing, false),
    yAxis: {
      type: 'category',
      data: bands.map(({ high }) => bandLabel(high, unit)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: axisText(theme),
      splitLine: { show: false },
    },
    tooltip: {
      ...tooltipBox(theme),
      formatter: (parameters) => {
        const [time = 0, row = 0, count = 0] = (
          Array.isArray(parameters) ? [] : parameters.value
        ) as number[];
        const band = bands[row];
        if (!band) return '';
        const name = `${bandLabel(band.low, unit)} to ${bandLabel(band.high, unit)}`;
        return (
          tooltipHead(fullTime(time), theme) +
          tooltipRow(rampColor(share(count), theme), name, formatValue(count))
        );
      },
    },
    series: [
      {
        type: 'custom',
        name: 'requests',
        data: cells,
        encode: { x: 0, y: 1 },
        renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
          const [time, row, count] = [Number(api.value(0)), Number(api.value(1)), Number(api.value(2))];
          const [right = 0, middle = 0] = api.coord([time, row]);
          const [left = 0] = api.coord([time - data.step * 1000, row]);
          // Between narrow cells a gap would be all there is to see.
          const gap = right - left < 6 ? -0.5 : 1;
          const size = api.size?.([0, 1]);
          const height = Array.isArray(size) ? Number(size[1]) : 10;
          return {
            type: 'rect' as const,
            shape: {
              x: left,
              y: middle - height / 2,
              width: Math.max(1, right - left - gap),
              height: Math.max(1, height - gap),
            },
            style: { fill: rampColor(share(count), theme) },
          };
        },
        clip: true,
      },
    ],
  };
}
