import type { ThemeName } from './palette.ts';
import { parseTime, type Range, rangeOf } from './time.ts';

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

/** What in a URL cannot be understood, and what is shown instead; for the reader to mend. */
export function problemsOf(url: URLSearchParams, now: number): readonly string[] {
  const from = url.get('from');
  const to = url.get('to');
  const notTimes = [
    ['from', from],
    ['to', to],
  ].flatMap(([name, text]) =>
    typeof text === 'string' && parseTime(text, now) === undefined
      ? [
          `“${name}” in the address is “${short(text)}”, which is no time: write now-6h, or epoch milliseconds.`,
        ]
      : [],
  );
  const [start, end] = [parseTime(from ?? '', now), parseTime(to ?? '', now, true)];
  const reversed =
    start !== undefined && end !== undefined && start >= end
      ? ['In the address, “from” is not before “to”; the hour before “to” is shown.']
      : [];
  const refresh = url.get('refresh') ?? '';
  const noInterval =
    refresh !== '' && parseRefresh(refresh) === 0
      ? [`“refresh” in the address is “${short(refresh)}”, which is no interval: write 30s, or 5m.`]
      : [];
  return [...notTimes, ...reversed, ...noInterval];
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

export const currentRange = ({ from, to }: PageState): Range => rangeOf(from, to, Date.now());

/** A theme, or what the system says. */
export type ThemeChoice = ThemeName | 'system';

/** The theme of the URL, else the one chosen last, else the system’s. */
export function themeChoice(url: URLSearchParams, stored: string | null): ThemeChoice {
  const wanted = url.get('theme') ?? stored;
  return wanted === 'light' || wanted === 'dark' ? wanted : 'system';
}
