import type { ThemeName } from './palette.ts';
import { type Range, rangeOf } from './time.ts';

/** What the URL says, besides the variables. */
export interface PageState {
  readonly from: string;
  readonly to: string;
  /** Seconds between refreshes; 0 is off. */
  readonly refresh: number;
}

const refreshSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `30s` → 30; what cannot be read is off. */
function parseRefresh(text: string | null | undefined): number {
  const [, amount, unit = ''] = /^(\d{1,4})([smh])$/.exec(text ?? '') ?? [];
  return Number(amount ?? 0) * (refreshSeconds[unit] ?? 0);
}

export const refreshText = (seconds: number): string =>
  seconds === 0 ? '' : seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;

export function stateFrom(
  url: URLSearchParams,
  defaults: { readonly from: string; readonly to: string; readonly refresh: string },
): PageState {
  return {
    from: url.get('from') ?? defaults.from,
    to: url.get('to') ?? defaults.to,
    refresh: parseRefresh(url.get('refresh') ?? defaults.refresh),
  };
}

export const currentRange = ({ from, to }: PageState): Range => rangeOf(from, to, Date.now());

/** The theme of the URL, else the one chosen last, else the system’s. */
export function initialTheme(url: URLSearchParams): ThemeName {
  const wanted = url.get('theme') ?? localStorage.getItem('theme');
  if (wanted === 'light' || wanted === 'dark') return wanted;
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}
