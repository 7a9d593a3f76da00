/** Colours as Grafana names them, and the two themes. */
export type ThemeName = 'dark' | 'light';

export interface Theme {
  readonly name: ThemeName;
  readonly background: string;
  readonly text: string;
  readonly secondary: string;
  readonly grid: string;
  readonly tooltip: string;
  readonly border: string;
}

export const themes: Readonly<Record<ThemeName, Theme>> = {
  dark: {
    name: 'dark',
    background: '#181b1f',
    text: '#d8d9da',
    secondary: '#9fa7b3',
    grid: 'rgba(204, 204, 220, 0.09)',
    tooltip: '#22252b',
    border: 'rgba(204, 204, 220, 0.2)',
  },
  light: {
    name: 'light',
    background: '#ffffff',
    text: '#24292e',
    secondary: '#5a6370',
    grid: 'rgba(36, 41, 46, 0.1)',
    tooltip: '#ffffff',
    border: 'rgba(36, 41, 46, 0.2)',
  },
};

/** Single quotes: ECharts writes it into an attribute of an SVG as it is. */
export const fontFamily = "Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/** Grafana's classic palette, the part that is told apart most easily. */
const classic = [
  '#73BF69',
  '#F2CC0C',
  '#5794F2',
  '#FF9830',
  '#F2495C',
  '#B877D9',
  '#37872D',
  '#8AB8FF',
  '#FADE2A',
  '#FF7383',
  '#CA95E5',
  '#1F60C4',
  '#96D98D',
  '#FFB357',
  '#A352CC',
] as const;

/** On white, the same hues a little darker, so that lines and numbers stay legible. */
const classicOnLight = [
  '#3E9B36',
  '#C99700',
  '#3274D9',
  '#E0752D',
  '#D8263F',
  '#8F3BB8',
  '#19730E',
  '#1F60C4',
  '#B98A00',
  '#C4162A',
] as const;

const named: Readonly<Record<string, readonly [dark: string, light: string]>> = {
  green: ['#73BF69', '#2F8F2A'],
  yellow: ['#FADE2A', '#C99700'],
  orange: ['#FF9830', '#E0752D'],
  red: ['#F2495C', '#D8263F'],
  blue: ['#5794F2', '#3274D9'],
  purple: ['#B877D9', '#8F3BB8'],
  gray: ['#8e8e8e', '#6b6b6b'],
  text: ['#d8d9da', '#24292e'],
};

/** Colour of the series at this place in the panel. */
export function seriesColor(index: number, theme: Theme): string {
  const colors = theme.name === 'dark' ? classic : classicOnLight;
  return colors[index % colors.length] ?? colors[0];
}

/** `red`, `semi-dark-orange`, `#aabbcc` → a CSS colour. */
export function namedColor(name: string, theme: Theme): string {
  const plain = name.replace(/^(?:super-light|light|semi-dark|dark)-/, '');
  const pair = named[plain];
  return pair ? pair[theme.name === 'dark' ? 0 : 1] : name;
}

/** Colours from few to many, for a heatmap. */
export function rampColor(share: number, theme: Theme): string {
  const stops: readonly (readonly [number, number, number])[] =
    theme.name === 'dark'
      ? [
          [23, 42, 69],
          [31, 96, 196],
          [87, 148, 242],
          [222, 235, 255],
        ]
      : [
          [222, 235, 250],
          [138, 184, 255],
          [50, 116, 217],
          [8, 48, 107],
        ];
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  const [a, b] = [stops[low] ?? [0, 0, 0], stops[low + 1] ?? [0, 0, 0]];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(a[channel] + (b[channel] - a[channel]) * (place - low));
  return `rgb(${mix(0)}, ${mix(1)}, ${mix(2)})`;
}
