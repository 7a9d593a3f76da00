import { type Face, widths } from './fonts.ts';

/** Of a character that the font does not have, as a share of the font size. */
const unknownWidth = 0.62;

export interface TextStyle extends Face {
  /** Pixels. */
  readonly size: number;
}

export const plain = (size: number, weight: Face['weight'] = 400): TextStyle => ({
  family: 'Inter',
  weight,
  size,
});
export const mono = (size: number): TextStyle => ({ family: 'JetBrains Mono', weight: 400, size });

/** Files of heavier faces call their family by the weight; where the family has all weights, its plain name is next. */
const familyNames: Readonly<Record<string, string>> = {
  'Inter 500': "'Inter Medium', Inter, sans-serif",
  'Inter 600': "'Inter SemiBold', Inter, sans-serif",
  'JetBrains Mono 400': "'JetBrains Mono', monospace",
};

/** The style as attributes of SVG, as far as it is not the document's own. */
export function fontAttributes({ family, weight, size }: TextStyle): string {
  const name = familyNames[`${family} ${weight}`];
  return [
    ` font-size="${size}"`,
    ...(name ? [` font-family="${name}"`] : []),
    ...(weight === 400 ? [] : [` font-weight="${weight}"`]),
  ].join('');
}

/** Width in pixels: the same on every machine, because it is read from the font itself. */
export function textWidth(text: string, style: TextStyle): number {
  const advances = widths(style);
  let width = 0;
  for (const character of text) width += advances.get(character.codePointAt(0) ?? 0) ?? unknownWidth;
  return width * style.size;
}

/** The text, or as much of its beginning as has room, with an ellipsis. */
export function fitted(text: string, room: number, style: TextStyle): string {
  if (textWidth(text, style) <= room) return text;
  let left = room - textWidth('…', style);
  let kept = '';
  for (const character of text) {
    left -= textWidth(character, style);
    if (left < 0) break;
    kept += character;
  }
  return kept === '' ? '' : `${kept.trimEnd()}…`;
}

/** Lines of words; a word that is wider than the room is cut. */
export function wrapped(text: string, room: number, style: TextStyle): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(longer, style) <= room) lines[lines.length - 1] = longer;
    else lines.push(fitted(word, room, style));
  }
  return lines;
}

/** A style as CSS's `font` writes it, which is how ECharts has it. */
export function styleOf(font: string): TextStyle {
  const [, weight = '400', size = '12', family = ''] =
    /(?:\b(bold|\d{3})\s+)?(\d+(?:\.\d+)?)px\s*(.*)$/.exec(font) ?? [];
  const heavy = weight === 'bold' || Number(weight) >= 600;
  return family.includes('Mono') ? mono(Number(size)) : plain(Number(size), heavy ? 600 : 400);
}
