import { fontAttributes, type TextStyle, textWidth } from './text.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Characters that XML 1.0 does not allow, even escaped; a log line may hold any. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(forbidden, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** Half a pixel is as fine as anybody sees. */
const rounded = (value: number): number => Math.round(value * 2) / 2;

interface TextOptions {
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly opacity?: number;
}

/** Text on one line; `y` is its base line. */
export function textAt(x: number, y: number, text: string, style: TextStyle, options: TextOptions): string {
  const { fill, anchor = 'start', opacity } = options;
  const place = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const dim = opacity === undefined ? '' : ` opacity="${opacity}"`;
  return `<text x="${rounded(x)}" y="${rounded(y)}" fill="${fill}"${fontAttributes(style)}${place}${dim} xml:space="preserve">${escapeXml(text)}</text>`;
}

interface RectOptions {
  readonly fill: string;
  readonly stroke?: string;
  readonly radius?: number;
}

export function rect({ x, y, width, height }: Box, { fill, stroke, radius = 0 }: RectOptions): string {
  const line = stroke ? ` stroke="${stroke}"` : '';
  const corner = radius > 0 ? ` rx="${radius}"` : '';
  // A line of one pixel lies on the pixels, not between them.
  const shift = stroke ? 0.5 : 0;
  return `<rect x="${rounded(x) + shift}" y="${rounded(y) + shift}" width="${Math.max(0, rounded(width) - 2 * shift)}" height="${Math.max(0, rounded(height) - 2 * shift)}" fill="${fill}"${line}${corner}/>`;
}

/** A box with a name and a value in it, as variables are shown. */
export function chip(x: number, y: number, label: string, value: string, colors: ChipColors): Chip {
  const style = colors.style;
  const [left, right] = [textWidth(label, style) + 20, textWidth(value, style) + 20];
  const height = 28;
  const base = y + height / 2 + style.size * 0.36;
  return {
    width: left + right,
    svg: [
      rect({ x, y, width: left + right, height }, { fill: colors.raised, stroke: colors.border, radius: 3 }),
      rect({ x, y, width: left, height }, { fill: colors.panel, stroke: colors.border, radius: 3 }),
      textAt(x + 10, base, label, style, { fill: colors.text }),
      textAt(x + left + 10, base, value, style, { fill: colors.accent }),
    ].join(''),
  };
}

interface Chip {
  readonly width: number;
  readonly svg: string;
}

interface ChipColors {
  readonly style: TextStyle;
  readonly panel: string;
  readonly raised: string;
  readonly border: string;
  readonly text: string;
  readonly accent: string;
}
