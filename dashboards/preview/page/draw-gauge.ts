import type { EChartsOption, GaugeSeriesOption } from 'echarts';
import { axisText, base, type Drawing } from './draw-parts.ts';
import { displayText, fieldOf, valueColor } from './field.ts';
import { type Frame, lastValue } from './frames.ts';
import type { FieldConfig } from './model.ts';
import { fontFamily, namedColor, type Theme } from './palette.ts';

/** Where Grafana's arc ends when a field has no maximum. */
const standardMax = 100;

/** Arcs side by side, the thresholds as a thin ring around each. */
export function gaugeOption({ panel, data, theme, width, height }: Drawing): EChartsOption {
  const column = width / Math.max(1, data.frames.length);
  return {
    ...base(theme),
    series: data.frames.flatMap((frame, index) =>
      oneGauge(frame, fieldOf(panel, frame.name), theme, {
        center: [column * (index + 0.5), height * 0.6],
        radius: Math.max(20, Math.min(column * 0.45, height * 0.55)),
        named: data.frames.length > 1,
      }),
    ),
  };
}

interface Place {
  readonly center: [number, number];
  /** Pixels. */
  readonly radius: number;
  readonly named: boolean;
}

function oneGauge(
  frame: Frame,
  field: FieldConfig,
  theme: Theme,
  { center, radius, named }: Place,
): GaugeSeriesOption[] {
  const [min, max] = [field.min ?? 0, field.max ?? standardMax];
  const value = lastValue(frame);
  const color = valueColor(value, field, theme);
  const thickness = Math.max(6, radius * 0.22);
  const arc: GaugeSeriesOption = {
    ...{ type: 'gauge', center, min, max, startAngle: 200, endAngle: -20, silent: true },
    pointer: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: { show: false },
  };
  return [
    {
      ...arc,
      radius: radius - 5,
      progress: { show: true, width: thickness, itemStyle: { color } },
      axisLine: { lineStyle: { width: thickness, color: [[1, theme.grid]] } },
      title: { ...axisText(theme), show: named, offsetCenter: [0, '38%'] },
      detail: {
        offsetCenter: [0, 0],
        color,
        fontSize: Math.max(12, radius * 0.26),
        fontWeight: 600,
        fontFamily,
        formatter: () => displayText(value, field),
      },
      data: [{ value: Math.min(max, Math.max(min, value ?? min)), name: frame.name }],
    },
    {
      ...arc,
      radius,
      progress: { show: false },
      axisLine: { lineStyle: { width: 3, color: ring(field, min, max, theme) } },
      detail: { show: false },
      data: [],
    },
  ];
}

/** The threshold steps as shares of the arc, each with its colour up to where the next begins. */
export function ring(field: FieldConfig, min: number, max: number, theme: Theme): [number, string][] {
  const steps = field.thresholds?.steps ?? [{ value: null, color: 'green' }];
  return steps.map(({ color }, index) => {
    const end = steps[index + 1]?.value ?? max;
    return [Math.min(1, Math.max(0, (end - min) / (max - min))), namedColor(color, theme)];
  });
}
