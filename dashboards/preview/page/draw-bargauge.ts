import type { EChartsOption } from 'echarts';
import { axisText, base, type Drawing, gridAround } from './draw-parts.ts';
import { displayText, fieldOf, valueColor } from './field.ts';
import { lastValue } from './frames.ts';

/** Horizontal bars with the name at the left and the value at the end, the longest on top. */
export function barGaugeOption({ panel, data, theme, height }: Drawing): EChartsOption {
  const rows = data.frames
    .map((frame) => ({ frame, value: lastValue(frame), field: fieldOf(panel, frame.name) }))
    .sort((left, right) => (left.value ?? 0) - (right.value ?? 0));
  const top = Math.max(...rows.map(({ value }) => value ?? 0), 1e-9);
  const thickness = Math.max(6, Math.min(26, (height - 24) / Math.max(1, rows.length) - 10));
  return {
    ...base(theme),
    grid: { ...gridAround(), right: 84 },
    xAxis: { type: 'value', show: false, min: 0, max: panel.fieldConfig?.defaults.max ?? top },
    yAxis: {
      type: 'category',
      data: rows.map(({ frame }) => frame.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...axisText(theme), fontSize: 13, width: 150, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        barWidth: thickness,
        showBackground: true,
        backgroundStyle: { color: theme.grid, borderRadius: 2 },
        silent: true,
        data: rows.map(({ value, field }) => ({
          value: value ?? 0,
          itemStyle: { color: valueColor(value, field, theme), borderRadius: 2, opacity: 0.85 },
          label: {
            show: true,
            position: 'right' as const,
            color: valueColor(value, field, theme),
            formatter: displayText(value, field),
          },
        })),
        label: { show: true, fontSize: 14, fontWeight: 600, distance: 8 },
        // Every value stands in one column, whatever the length of its bar.
        labelLayout: (_parameters) => ({ x: '100%', dx: -10, align: 'right', verticalAlign: 'middle' }),
      },
    ],
  };
}
