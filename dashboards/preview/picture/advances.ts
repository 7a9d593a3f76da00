import type { FontTable } from './woff.ts';

/** How far each character moves on, as a share of the font size. */
export type Advances = ReadonlyMap<number, number>;

/** Reads the widths of a font's characters (https://learn.microsoft.com/typography/opentype/spec/hmtx). */
export function advancesOf(tables: readonly FontTable[]): Advances {
  const table = (tag: string): Buffer => {
    const found = tables.find((one) => one.tag === tag);
    if (!found) throw new Error(`the font has no table ${tag}`);
    return found.data;
  };
  const unitsPerEm = table('head').readUInt16BE(18);
  const count = table('hhea').readUInt16BE(34);
  const widths = table('hmtx');
  // Glyphs beyond the last width have that one.
  const widthOf = (glyph: number): number => widths.readUInt16BE(Math.min(glyph, count - 1) * 4) / unitsPerEm;
  return new Map([...glyphs(table('cmap'))].map(([character, glyph]) => [character, widthOf(glyph)]));
}

/** The glyph of each character, from the table for Unicode's first plane (format 4), which every font has. */
function* glyphs(cmap: Buffer): Generator<readonly [character: number, glyph: number]> {
  const offsets = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) =>
    cmap.readUInt32BE(8 + index * 8),
  );
  const offset = offsets.find((at) => cmap.readUInt16BE(at) === 4);
  if (offset === undefined) throw new Error('the font has no table for Unicode characters');
  const segments = cmap.readUInt16BE(offset + 6) / 2;
  const field = (index: number, segment: number): number => {
    // After the ends of the segments stand two bytes of nothing.
    const gap = index > 0 ? 2 : 0;
    return offset + 14 + index * segments * 2 + gap + segment * 2;
  };
  for (let segment = 0; segment < segments; segment += 1) {
    const end = cmap.readUInt16BE(field(0, segment));
    const start = cmap.readUInt16BE(field(1, segment));
    const delta = cmap.readUInt16BE(field(2, segment));
    const rangeAt = field(3, segment);
    const range = cmap.readUInt16BE(rangeAt);
    for (let character = start; character <= end && character !== 0xffff; character += 1) {
      const glyph = range === 0 ? character : cmap.readUInt16BE(rangeAt + range + (character - start) * 2);
      if (glyph !== 0) yield [character, (glyph + delta) & 0xffff];
    }
  }
}
