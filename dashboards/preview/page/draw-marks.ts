import type { LineSeriesOption } from 'echarts';
import type { Drawing } from './draw-parts.ts';
import type { Region } from './load.ts';
import type { FieldConfig } from './model.ts';
import { namedColor } from './palette.ts';

/** `#rrggbb` with an opacity; any other colour as it is. */
export function withAlpha(hex: string, alpha: number): string {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex)?.[1];
  if (!digits) return hex;
  const byte = Math.round(Math.min(1, alpha) * 255);
  return `#${digits}${byte.toString(16).padStart(2, '0')}`;
}

/** Where several of one colour overlap there is one, or their shades would add up to a wall. */
function joined(regions: readonly Region[]): readonly Region[] {
  const bands: Region[] = [];
  for (const region of regions.toSorted((left, right) => left.from - right.from)) {
    const at = bands.findLastIndex(({ color, to }) => color === region.color && to >= region.from);
    const band = bands[at];
    if (band) bands[at] = { ...band, to: Math.max(band.to, region.to) };
    else bands.push(region);
  }
  return bands;
}

/** An empty series that carries what belongs to no series. */
export function marks(
  field: FieldConfig,
  regions: readonly Region[],
  { theme, data }: Drawing,
): LineSeriesOption {
  const bands = joined(regions);
  const dashed = field.custom?.thresholdsStyle?.mode?.includes('dashed') ?? false;
  const drawn = (field.custom?.thresholdsStyle?.mode ?? 'off') !== 'off';
  const limits = drawn ? (field.thresholds?.steps ?? []).filter((step) => step.value !== null) : [];
  return {
    type: 'line',
    name: '',
    data: [],
    silent: true,
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      data: [
        ...limits.map(({ value, color }) => ({
          yAxis: value ?? 0,
          lineStyle: {
            color: namedColor(color, theme),
            width: 1.5,
            type: dashed ? ([8, 6] as number[]) : ('solid' as const),
            opacity: 0.9,
          },
        })),
        ...bands.map(({ from, color }) => ({
          xAxis: Math.max(from, data.range.from),
          lineStyle: { color: namedColor(color, theme), width: 1, type: 'dashed' as const },
        })),
      ],
    },
    markArea: {
      silent: true,
      data: bands.map(({ from, to, color }) => [
        {
          xAxis: Math.max(from, data.range.from),
          itemStyle: { color: withAlpha(namedColor(color, theme), 0.09) },
        },
        { xAxis: Math.min(to, data.range.to) },
      ]),
    },
  };
}
