import { chartOption } from '../page/draw.ts';
import type { Drawing } from '../page/draw-parts.ts';
import { fontAttributes, styleOf, textWidth } from './text.ts';

/** Half a megabyte that only pictures need. */
const loadEcharts = async () => {
  const echarts = await import('echarts');
  echarts.setPlatformAPI({
    // Without a canvas ECharts guesses; this reads the font.
    measureText: (text, font) => ({ width: textWidth(text, styleOf(font ?? '')) }),
  });
  return echarts;
};
let echarts: ReturnType<typeof loadEcharts> | undefined;

/**
 * A chart as an SVG document by itself, drawn by the page's own functions; undefined for a panel that is text.
 * @param background behind the chart; none by default
 */
export async function chartSvg(drawing: Drawing, background?: string): Promise<string | undefined> {
  const option = chartOption(drawing);
  if (!option) return undefined;
  echarts ??= loadEcharts();
  const { width, height } = drawing;
  const chart = (await echarts).init(null, null, { ssr: true, renderer: 'svg', width, height });
  try {
    chart.setOption(background ? { ...option, backgroundColor: background } : option);
    return named(chart.renderToSVGString(), `p${drawing.panel.id}`);
  } finally {
    chart.dispose();
  }
}

/**
 * ECharts counts its instances in the ids that it writes; the panel's own id makes the same picture again, and keeps them
 * apart in one document. Its styles and their classes, counted as well, are for a pointer.
 */
const named = (svg: string, name: string): string =>
  svg
    .replaceAll(/\bzr\d+-/g, `${name}-`)
    .replaceAll(/<style\s*>.*?<\/style>| class="[^"]*"/gs, '')
    .replaceAll(/<[^>]+>/g, (tag) => withFontAttributes(tag).replaceAll(/\d+\.\d{3,}/g, hundredths));

/** A hundredth of a pixel is finer than anybody sees, and half the size. */
const hundredths = (digits: string): string => String(Math.round(Number(digits) * 100) / 100);

/** ECharts writes CSS, some of it in the short form that not every program that reads SVG knows. */
const withFontAttributes = (tag: string): string =>
  tag.replace(/ style="([^"]*\bfont\b[^"]*)"/, (_, css: string) => fontAttributes(styleOf(shortForm(css))));

function shortForm(css: string): string {
  const property = (name: string): string =>
    new RegExp(`(?:^|;)\\s*${name}:\\s*([^;]*)`).exec(css)?.[1] ?? '';
  return property('font') || `${property('font-weight')} ${property('font-size')} ${property('font-family')}`;
}

/** The content of a chart's document, to stand in another. */
export const withoutDocument = (svg: string): string =>
  svg.replace(/^<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '');
