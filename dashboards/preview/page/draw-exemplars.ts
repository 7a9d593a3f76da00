import type { ScatterSeriesOption } from 'echarts';
import type { Exemplar } from './exemplars.ts';
import type { Theme } from './palette.ts';

/** Name of the series that exemplars are drawn as; no query can give it. */
export const exemplarSeries = '\u0000exemplars';

/** Exemplars as diamonds at their own time and value, at the top edge where that lies above the axis. */
export function exemplarDots(exemplars: readonly Exemplar[], top: number, theme: Theme): ScatterSeriesOption {
  return {
    type: 'scatter',
    name: exemplarSeries,
    symbol: 'diamond',
    symbolSize: 9,
    z: 5,
    cursor: 'pointer',
    itemStyle: { color: theme.name === 'dark' ? '#FFFFFF' : '#24292e', opacity: 0.75 },
    data: exemplars.map(({ time, value }) => [time, Math.min(value, top)]),
  };
}
