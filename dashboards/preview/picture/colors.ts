import { type Theme, type ThemeName, themes } from '../page/palette.ts';

/** What a picture is painted with beside the charts: the page's style sheet in numbers. */
export interface PictureColors {
  readonly theme: Theme;
  readonly canvas: string;
  readonly panel: string;
  readonly raised: string;
  readonly border: string;
  readonly strong: string;
  readonly text: string;
  readonly dim: string;
  readonly accent: string;
  readonly error: string;
}

const dark = {
  canvas: '#111217',
  panel: '#181b1f',
  raised: '#22252b',
  border: '#2d2f35',
  strong: '#45474d',
  text: '#d8d9da',
  dim: '#9fa7b3',
  accent: '#6e9fff',
  error: '#f2495c',
};

const light = {
  canvas: '#f4f5f5',
  panel: '#ffffff',
  raised: '#ffffff',
  border: '#e0e1e2',
  strong: '#bdbfc1',
  text: '#24292e',
  dim: '#5a6370',
  accent: '#1f62e0',
  error: '#cf0e5b',
};

export const pictureColors = (name: ThemeName): PictureColors => ({
  theme: themes[name],
  ...(name === 'dark' ? dark : light),
});

/** The bar before a log line, by its level. */
const levels: Readonly<Record<string, string>> = {
  DEBUG: '#5794f2',
  INFO: '#56a64b',
  WARNING: '#e0b400',
  ERROR: '#f2495c',
  CRITICAL: '#b877d9',
};

export const levelColor = (level: string): string => levels[level] ?? '#8e8e8e';
