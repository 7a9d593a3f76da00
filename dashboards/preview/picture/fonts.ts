import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Advances, advancesOf } from './advances.ts';
import { readWoff, toOpenType } from './woff.ts';

/** A font of the pictures. They come with the npm packages `@fontsource/…`, never from the machine. */
export interface Face {
  readonly family: 'Inter' | 'JetBrains Mono';
  readonly weight: 400 | 500 | 600;
}

const faces: readonly Face[] = [
  { family: 'Inter', weight: 400 },
  { family: 'Inter', weight: 500 },
  { family: 'Inter', weight: 600 },
  { family: 'JetBrains Mono', weight: 400 },
];

/** Alphabets that names and log lines may be written in; the first is the one whose widths are known. */
const alphabets = ['latin', 'latin-ext', 'cyrillic', 'greek'] as const;

const require = createRequire(import.meta.url);
const folders: Readonly<Record<Face['family'], string>> = {
  Inter: path.dirname(require.resolve('@fontsource/inter/package.json')),
  'JetBrains Mono': path.dirname(require.resolve('@fontsource/jetbrains-mono/package.json')),
};

function fileOf({ family, weight }: Face, alphabet: string, kind: 'woff' | 'woff2'): Buffer {
  const name = family.toLowerCase().replace(' ', '-');
  return readFileSync(path.join(folders[family], 'files', `${name}-${alphabet}-${weight}-normal.${kind}`));
}

/** As OpenType files, for programs that draw. */
export const openTypeFonts = (): readonly { readonly name: string; readonly data: Buffer }[] =>
  faces.flatMap((face) =>
    alphabets.map((alphabet) => ({
      name: `${face.family}-${face.weight}-${alphabet}.ttf`.replace(' ', ''),
      data: toOpenType(readWoff(fileOf(face, alphabet, 'woff'))),
    })),
  );

/** As a style sheet that has them in it, for browsers. */
export const fontStyles = (): string =>
  faces
    .map((face) => {
      const data = fileOf(face, alphabets[0], 'woff2').toString('base64');
      return `@font-face{font-family:'${face.family}';font-weight:${face.weight};src:url(data:font/woff2;base64,${data}) format('woff2')}`;
    })
    .join('');

const known = new Map<string, Advances>();

/** How wide the characters of a face are. */
export function widths(face: Face): Advances {
  const name = `${face.family} ${face.weight}`;
  const before = known.get(name);
  if (before) return before;
  const advances = advancesOf(readWoff(fileOf(face, alphabets[0], 'woff')).tables);
  known.set(name, advances);
  return advances;
}
