const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** A span of time in epoch milliseconds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * A moment as Grafana's URLs write it: `now`, `now-6h`, `now-1d/d`, epoch milliseconds, or an ISO date.
 * @returns epoch milliseconds, or undefined when it is none of these
 */
export function parseTime(text: string, now: number, end = false): number | undefined {
  const relative = /^now(?:([+-])(\d{1,6})([smhdwMy]))?(?:\/([smhdwMy]))?$/.exec(text.trim());
  if (relative) {
    const [, sign, amount, unit, rounding] = relative;
    const shift = amount ? Number(amount) * (unitMs[unit ?? ''] ?? 0) : 0;
    const moment = sign === '-' ? now - shift : now + shift;
    return rounding ? rounded(moment, rounding, end) : moment;
  }
  if (/^\d{10,16}$/.test(text.trim())) return Number(text.trim());
  // Date.parse makes a date of almost anything that has a digit.
  if (!/^\d{4}-\d{2}/.test(text.trim())) return undefined;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Start (or end) of the local day, week, … in which the moment lies. */
function rounded(moment: number, unit: string, end: boolean): number {
  const date = new Date(moment);
  date.setMilliseconds(0);
  date.setSeconds(0);
  if (unit === 's') return end ? moment + 999 : moment;
  if (unit !== 'm') date.setMinutes(0);
  if (!['m', 'h'].includes(unit)) date.setHours(0);
  if (unit === 'w') date.setDate(date.getDate() - ((date.getDay() + 6) % 7));
  if (unit === 'M' || unit === 'y') date.setDate(1);
  if (unit === 'y') date.setMonth(0);
  return end ? date.getTime() + (unitMs[unit] ?? 0) - 1 : date.getTime();
}

/** The range moved by a share of its length. */
export const shifted = ({ from, to }: Range, share: number): Range => ({
  from: from + (to - from) * share,
  to: to + (to - from) * share,
});

/** Twice as long around the same middle. */
export const widened = ({ from, to }: Range): Range => ({
  from: from - (to - from) / 2,
  to: to + (to - from) / 2,
});

const lastHour = 3_600_000;

/** The range of two moments; what cannot be read becomes the last hour, and the ends are put in order. */
export function rangeOf(from: string, to: string, now: number): Range {
  const end = parseTime(to, now, true) ?? now;
  const start = parseTime(from, now) ?? end - lastHour;
  return start < end ? { from: start, to: end } : { from: end - lastHour, to: end };
}

/** Seconds between two scrapes; the stack's own setting. */
const scrapeIntervalSeconds = 15;

const niceSeconds = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  604_800,
];

/** Seconds between two points, so that at most about `maxPoints` are asked for; never below the scrape interval. */
export function stepSeconds({ from, to }: Range, maxPoints: number, floor = scrapeIntervalSeconds): number {
  const exact = (to - from) / 1000 / Math.max(1, maxPoints);
  const nice = niceSeconds.find((seconds) => seconds >= exact) ?? Math.ceil(exact / 86_400) * 86_400;
  return Math.max(floor, nice);
}

/**
 * Grafana's `$__rate_interval`, in seconds: never shorter than four scrapes, and longer than a step, so that
 * no increase falls between two points.
 */
export const rateIntervalSeconds = (step: number): number =>
  Math.max(4 * scrapeIntervalSeconds, step + scrapeIntervalSeconds);

/** `90` → `1m30s`, as PromQL and LogQL read it. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole % 3600 === 0) return `${whole / 3600}h`;
  if (whole % 60 === 0) return `${whole / 60}m`;
  return `${whole}s`;
}

/** The range moved to multiples of the step, so that points do not jump between two refreshes. */
export function aligned({ from, to }: Range, step: number): Range {
  const stepMs = step * 1000;
  return { from: Math.floor(from / stepMs) * stepMs, to: Math.floor(to / stepMs) * stepMs };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A tick of a time axis: as much of the moment as the span needs. Local time. */
export function tickLabel(ms: number, { from, to }: Range): string {
  const date = new Date(ms);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const day = `${two(date.getMonth() + 1)}/${two(date.getDate())}`;
  const span = to - from;
  if (span <= 10 * 60_000) return `${clock}:${two(date.getSeconds())}`;
  if (span <= 86_400_000 * 1.1) return clock;
  return span <= 86_400_000 * 4 ? `${day} ${clock}` : day;
}

/** `2026-11-21 14:03:07`, local time. */
export function fullTime(ms: number): string {
  const date = new Date(ms);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Label of a range as the picker shows it. */
export function rangeLabel(from: string, to: string): string {
  const quick = quickRanges.find((range) => range.from === from && range.to === to);
  if (quick) return quick.label;
  const show = (text: string): string => (/^\d{10,16}$/.test(text) ? fullTime(Number(text)) : text);
  return `${show(from)} to ${show(to)}`;
}

export const quickRanges = [
  { label: 'Last 5 minutes', from: 'now-5m', to: 'now' },
  { label: 'Last 15 minutes', from: 'now-15m', to: 'now' },
  { label: 'Last 30 minutes', from: 'now-30m', to: 'now' },
  { label: 'Last 1 hour', from: 'now-1h', to: 'now' },
  { label: 'Last 3 hours', from: 'now-3h', to: 'now' },
  { label: 'Last 6 hours', from: 'now-6h', to: 'now' },
  { label: 'Last 12 hours', from: 'now-12h', to: 'now' },
  { label: 'Last 24 hours', from: 'now-24h', to: 'now' },
  { label: 'Last 2 days', from: 'now-2d', to: 'now' },
  { label: 'Last 7 days', from: 'now-7d', to: 'now' },
  { label: 'Today so far', from: 'now/d', to: 'now' },
] as const;
