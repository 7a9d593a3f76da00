import type { EChartsOption } from 'echarts';
import { axisText, base, type Drawing } from './draw-parts.ts';
import { displayText, fieldOf, valueColor } from './field.ts';
import { lastValue } from './frames.ts';
import { fontFamily } from './palette.ts';

/** Width of a letter in bold digits, as a share of the font size. */
const letterWidth = 0.6;

/** Big numbers side by side, each with its course behind it. */
export function statOption({ panel, data, theme, width, height }: Drawing): EChartsOption {
  const frames = data.frames;
  const column = width / Math.max(1, frames.length);
  const texts = frames.map((frame) => displayText(lastValue(frame), fieldOf(panel, frame.name)));
  const named = frames.length > 1;
  const longest = Math.max(1, ...texts.map((text) => text.length));
  const size = Math.floor(Math.min(height * 0.38, (column * 0.86) / (longest * letterWidth), 40));
  const withCourse = panel.options?.graphMode !== 'none' && !named;
  return {
    ...base(theme),
    grid: frames.map((_, index) => ({
      left: index * column,
      width: column,
      top: height * 0.6,
      bottom: 0,
    })),
    xAxis: frames.map((_, index) => ({ type: 'time' as const, gridIndex: index, show: false })),
    yAxis: frames.map((frame, index) => ({
      type: 'value' as const,
      gridIndex: index,
      show: false,
      min: courseFloor(frame.points.map(([, value]) => value ?? 0)),
    })),
    series: frames.map((frame, index) => {
      const color = valueColor(lastValue(frame), fieldOf(panel, frame.name), theme);
      return {
        type: 'line' as const,
        name: frame.name,
        xAxisIndex: index,
        yAxisIndex: index,
        data: withCourse ? frame.points.map(([time, value]) => [time, value]) : [],
        showSymbol: false,
        silent: true,
        lineStyle: { color, width: 1.5, opacity: 0.8 },
        areaStyle: { color, opacity: 0.14, origin: 'start' as const },
      };
    }),
    graphic: frames.flatMap((frame, index) => {
      const center = (index + 0.5) * column;
      const color = valueColor(lastValue(frame), fieldOf(panel, frame.name), theme);
      const middle = height * (named ? 0.56 : withCourse ? 0.36 : 0.5);
      const number = {
        type: 'text' as const,
        x: center,
        y: middle,
        style: {
          text: texts[index] ?? '',
          fill: color,
          font: `600 ${size}px ${fontFamily}`,
          align: 'center' as const,
          verticalAlign: 'middle' as const,
        },
      };
      const name = {
        type: 'text' as const,
        x: center,
        y: height * 0.16,
        style: {
          text: frame.name,
          fill: axisText(theme).color,
          font: `13px ${fontFamily}`,
          align: 'center' as const,
          verticalAlign: 'middle' as const,
        },
      };
      return named ? [number, name] : [number];
    }),
  };
}

/** Leaves a flat course off the very bottom, and never draws a tiny change as a cliff. */
function courseFloor(values: readonly number[]): number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low - Math.max((high - low) * 0.3, Math.abs(high) * 0.25, 1e-9);
}
