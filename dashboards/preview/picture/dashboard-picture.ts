import { type Ask, loadPanel, loadRegions, type Situation } from '../page/load.ts';
import type { DashboardModel, PanelModel } from '../page/model.ts';
import type { ThemeName } from '../page/palette.ts';
import { chosenFrom, resolveVariables, valuesOf } from '../page/variable-values.ts';
import { type PictureColors, pictureColors } from './colors.ts';
import { drawPanel, type Loaded } from './draw-panel.ts';
import { escapeXml, rect, textAt } from './elements.ts';
import { fontStyles } from './fonts.ts';
import { drawHeading, rangeAt } from './heading.ts';
import { layoutOf, margin, type PlacedPanel } from './layout.ts';
import { plain } from './text.ts';

export interface PictureOptions {
  readonly theme: ThemeName;
  /** Pixels. */
  readonly width: number;
  /** Pixels after which the picture is cut off; the whole dashboard by default. */
  readonly height?: number;
  /** Epoch milliseconds that `now` stands for. */
  readonly at: number;
  /** Where the data comes from, in words. */
  readonly source: string;
}

interface Picture {
  readonly svg: string;
  /** Titles of panels that could not be loaded, each with the reason. */
  readonly failures: readonly string[];
}

/**
 * A whole dashboard as one SVG document: no browser, and no fonts of the machine. The same answers of `ask` give the same
 * bytes; times are in the time zone of the process.
 */
export async function dashboardPicture(
  dashboard: DashboardModel,
  ask: Ask,
  options: PictureOptions,
): Promise<Picture> {
  const { width, at } = options;
  const colors = pictureColors(options.theme);
  const range = rangeAt(dashboard.time, at);
  const resolved = await resolveVariables(
    dashboard,
    chosenFrom(dashboard, new URLSearchParams()),
    range,
    ask,
  );
  const situation = { values: valuesOf(resolved), range, width };
  const about = { title: dashboard.title, range, source: options.source, variables: resolved };
  const heading = drawHeading(about, width, colors);
  const layout = layoutOf(dashboard, width, heading.height + 8);
  const whole = heading.height + 8 + layout.height + margin;
  const { height: cut = whole } = options;
  const isSeen = ({ box }: PlacedPanel): boolean => box.y < cut;
  const regions = await loadRegions(dashboard.annotations.list ?? [], situation, ask).catch(() => []);
  const panels = await Promise.all(
    layout.panels.filter(isSeen).map(async (placed) => {
      const loaded = await load(placed, situation, ask);
      const failure = 'failure' in loaded ? `${placed.panel.title ?? ''}: ${loaded.failure}` : undefined;
      return { svg: await drawPanel(placed, loaded, regions, colors), failure };
    }),
  );
  const height = Math.min(whole, cut);
  const content = [
    heading.svg,
    ...layout.rows.filter(isSeen).map((row) => drawRow(row, colors)),
    ...panels.map(({ svg }) => svg),
  ];
  return {
    svg: document(content.join('\n'), { width, height }, dashboard.title, colors),
    failures: panels.flatMap(({ failure }) => failure ?? []),
  };
}

async function load({ panel, box }: PlacedPanel, situation: Situation, ask: Ask): Promise<Loaded> {
  try {
    return { data: await loadPanel(panel, { ...situation, width: box.width }, ask) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

const rowTitle = plain(16, 500);

function drawRow({ panel, box }: PlacedPanel, colors: PictureColors): string {
  const base = box.y + 22;
  const [x, y] = [box.x + 4, base - 6];
  const mark = panel.collapsed ? `M${x} ${y - 4}l6 4l-6 4z` : `M${x} ${y - 3}h8l-4 6z`;
  const hidden = panel.collapsed ? `  (${countText(panel.panels ?? [])})` : '';
  const title = textAt(box.x + 20, base, `${panel.title ?? ''}${hidden}`, rowTitle, { fill: colors.text });
  return `<path d="${mark}" fill="${colors.dim}"/>${title}`;
}

const countText = (panels: readonly PanelModel[]): string =>
  `${panels.length} ${panels.length === 1 ? 'panel' : 'panels'}`;

function document(
  content: string,
  { width, height }: { readonly width: number; readonly height: number },
  title: string,
  colors: PictureColors,
): string {
  const background = rect({ x: 0, y: 0, width, height }, { fill: colors.canvas });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${fontStyles()}</style>`,
    background,
    content,
    '</svg>\n',
  ].join('\n');
}
