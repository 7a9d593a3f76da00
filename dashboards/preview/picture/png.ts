import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTypeFonts } from './fonts.ts';

/** Makes PNG of SVG, with fonts in a folder of its own. */
export interface PngMaker {
  png(svg: string): Promise<Buffer>;
  /** Removes the fonts. */
  close(): void;
}

/** Starts with the fonts of the pictures; those of the machine are not looked at. */
export async function pngMaker(): Promise<PngMaker> {
  const { Resvg } = await import('@resvg/resvg-js');
  // It reads fonts from files only.
  const folder = mkdtempSync(join(tmpdir(), 'sightline-fonts-'));
  const fontFiles = openTypeFonts().map(({ name, data }) => {
    const path = join(folder, name);
    writeFileSync(path, data);
    return path;
  });
  const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' };
  return {
    png: async (svg) => (await new Resvg(svg, { font }).render()).asPng(),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
