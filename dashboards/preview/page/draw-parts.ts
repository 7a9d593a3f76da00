import type { EChartsOption } from 'echarts';
import type { Exemplar } from './exemplars.ts';
import type { PanelData, Region } from './load.ts';
import type { PanelModel } from './model.ts';
import { fontFamily, type Theme } from './palette.ts';
import { tickLabel } from './time.ts';

/** What every drawing function gets. Sizes are in CSS pixels. */
export interface Drawing {
  readonly panel: PanelModel;
  readonly data: PanelData;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
  readonly regions: readonly Region[];
  readonly exemplars?: readonly Exemplar[];
  /** Names of series that are drawn; absent means all. */
  readonly shown?: ReadonlySet<string>;
  /** Inside the chart, for pictures; the browser has a legend of its own below it. */
  readonly legend: boolean;
}

/** What is drawn, but for the size and the series that the legend shows. */
export type ChartContent = Omit<Drawing, 'width' | 'height' | 'legend' | 'shown'>;

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const axisText = (theme: Theme): { color: string; fontSize: number; fontFamily: string } => ({
  color: theme.secondary,
  fontSize: 12,
  fontFamily,
});

/** A time axis over exactly the range that was asked for. */
export function timeAxis({ data, theme, width }: Drawing, grid = true): NonNullable<EChartsOption['xAxis']> {
  return {
    type: 'time',
    min: data.range.from,
    max: data.range.to,
    // Bars at the ends are cut off; otherwise the fewer there are, the further the axis would go beyond its ends.
    containShape: false,
    splitNumber: Math.max(2, Math.min(10, Math.floor(width / 110))),
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: grid, lineStyle: { color: theme.grid } },
    axisLabel: {
      ...axisText(theme),
      hideOverlap: true,
      showMinLabel: false,
      showMaxLabel: false,
      // A label at the very left would touch the lowest one of the value axis.
      formatter: (ms: number) =>
        ms - data.range.from < ((data.range.to - data.range.from) * 28) / width
          ? ''
          : tickLabel(ms, data.range),
    },
  };
}

/** Margins that leave the labels of both axes whole. */
export const gridAround = (extraBottom = 0): NonNullable<EChartsOption['grid']> => ({
  left: 10,
  right: 14,
  top: 12,
  bottom: 8 + extraBottom,
  outerBoundsMode: 'same',
  outerBoundsContain: 'axisLabel',
});

export const tooltipBox = (theme: Theme) =>
  ({
    backgroundColor: theme.tooltip,
    borderColor: theme.border,
    borderWidth: 1,
    padding: [8, 10] as [number, number],
    textStyle: { color: theme.text, fontSize: 12, fontFamily },
    extraCssText: 'box-shadow: 0 6px 18px rgba(0,0,0,.35); border-radius: 4px; z-index: 20;',
    appendTo: 'body' as const,
  }) as const;

export const base = (theme: Theme): EChartsOption => ({
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { fontFamily, color: theme.text },
});

/** A coloured dash, a name, and a value at the right. */
export const tooltipRow = (color: string, name: string, value: string): string =>
  `<div style="display:flex;gap:8px;align-items:center;line-height:1.6"><span style="width:12px;height:4px;border-radius:2px;background:${color}"></span><span style="flex:1;max-width:420px;overflow:hidden;text-overflow:ellipsis">${escapeHtml(name)}</span><b style="margin-left:16px">${escapeHtml(value)}</b></div>`;

/** A line in the tooltip’s dimmer text. */
export const tooltipHead = (text: string, theme: Theme): string =>
  `<div style="color:${theme.secondary};margin-bottom:4px">${escapeHtml(text)}</div>`;
