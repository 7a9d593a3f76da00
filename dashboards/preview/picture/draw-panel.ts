import { legendOf } from '../page/draw-timeseries.ts';
import type { PanelData, Region } from '../page/load.ts';
import type { PanelModel } from '../page/model.ts';
import { toTable } from '../page/table.ts';
import { chartSvg, withoutDocument } from './chart-svg.ts';
import type { PictureColors } from './colors.ts';
import { drawLogs } from './draw-logs.ts';
import { drawTable } from './draw-table.ts';
import { drawText } from './draw-text.ts';
import { type Box, rect, textAt } from './elements.ts';
import type { PlacedPanel } from './layout.ts';
import { legendFor } from './legend.ts';
import { fitted, plain, wrapped } from './text.ts';

/** What a panel shows, or why it cannot. */
export type Loaded = { readonly data: PanelData } | { readonly failure: string };

const title = plain(14, 500);
const said = plain(14);
const headerHeight = 30;
const padding = 2;

/** One panel with its frame and title. */
export async function drawPanel(
  { panel, box }: PlacedPanel,
  loaded: Loaded,
  regions: readonly Region[],
  colors: PictureColors,
): Promise<string> {
  const body: Box = {
    x: box.x + padding,
    y: box.y + headerHeight,
    width: box.width - 2 * padding,
    height: box.height - headerHeight - 4,
  };
  const name = fitted(panel.title ?? '', box.width - 20, title);
  return [
    rect(box, { fill: colors.panel, stroke: colors.border, radius: 4 }),
    textAt(box.x + 10, box.y + 21, name, title, { fill: colors.text }),
    await drawBody(panel, body, loaded, regions, colors),
  ].join('');
}

async function drawBody(
  panel: PanelModel,
  box: Box,
  loaded: Loaded,
  regions: readonly Region[],
  colors: PictureColors,
): Promise<string> {
  if (panel.type === 'text') return drawText(panel.options?.content ?? '', box, colors);
  if ('failure' in loaded) return message(loaded.failure, box, colors.error);
  const { data } = loaded;
  const points = data.frames.reduce((sum, { points: own }) => sum + own.length, 0);
  if (points + data.lines.length === 0) return message('No data', box, colors.dim);
  if (panel.type === 'logs') return drawLogs(data.lines, box, colors);
  if (panel.type === 'table') return drawTable(toTable(panel, data.frames), box, colors);
  return drawChart(panel, box, data, regions, colors);
}

async function drawChart(
  panel: PanelModel,
  box: Box,
  data: PanelData,
  regions: readonly Region[],
  colors: PictureColors,
): Promise<string> {
  const drawing = { panel, data, regions, theme: colors.theme, legend: false };
  const hasLegend = panel.type === 'timeseries' && panel.options?.legend?.showLegend !== false;
  const entries = hasLegend ? legendOf({ ...drawing, width: box.width, height: box.height }) : [];
  const legend = legendFor(entries, box.width, colors);
  const height = box.height - legend.height;
  const svg = await chartSvg({ ...drawing, width: box.width, height });
  if (svg === undefined)
    return message(`A panel of type ${panel.type} has no drawing here`, box, colors.error);
  return `<g transform="translate(${box.x} ${box.y})">${withoutDocument(svg)}</g>${legend.draw(box)}`;
}

/** In the middle of the panel, on as many lines as have room. */
function message(text: string, box: Box, fill: string): string {
  const lines = wrapped(text, box.width - 32, said).slice(0, Math.max(1, Math.floor(box.height / 20)));
  const top = box.y + box.height / 2 - (lines.length * 20) / 2 + 15;
  return lines
    .map((line, index) =>
      textAt(box.x + box.width / 2, top + index * 20, line, said, { fill, anchor: 'middle' }),
    )
    .join('');
}
