/** Values as Grafana's unit ids show them. What is not listed here is shown as a plain number. */

type Formatter = (value: number, decimals: number | undefined) => string;

/**
 * Digits after the point that Grafana shows by itself: one beyond the leading digit, another where that would
 * hide a quarter, none for whole numbers (`getDecimalsForValue` of its packages/grafana-data).
 */
function ownDecimals(value: number): number {
  if (value % 1 === 0) return 0;
  const leading = Math.floor(Math.log10(Math.abs(value)));
  const lead = value / 10 ** (leading - 1);
  return Math.min(20, Math.max(0, 1 - leading + (lead > 2.25 ? 1 : 0)));
}

const fixed: Formatter = (value, decimals) => value.toFixed(decimals ?? ownDecimals(value));

/** For the ticks of an axis: as few digits as tell round numbers apart. */
const asFewAsNeeded: Formatter = (value, decimals) =>
  decimals === undefined ? String(Number(value.toPrecision(4))) : value.toFixed(decimals);

type Family = (digits: Formatter) => Formatter;

const scaled =
  (base: number, suffixes: readonly string[], separator = ' '): Family =>
  (digits) =>
  (value, decimals) => {
    let scale = 0;
    let size = value;
    while (Math.abs(size) >= base && scale < suffixes.length - 1) {
      size /= base;
      scale += 1;
    }
    const suffix = suffixes[scale] ?? '';
    return `${digits(size, decimals)}${suffix === '' ? '' : separator}${suffix}`;
  };

const short = scaled(1000, ['', 'K', 'Mil', 'Bil', 'Tri', 'Quadr', 'Quint', 'Sext', 'Sept']);

/** Grafana's rates go `1.5K req/s`, its plain numbers `1.5 K`. */
const counted = scaled(1000, ['', 'K', 'M', 'B', 'T'], '');

const perSecond =
  (unit: string): Family =>
  (digits) =>
  (value, decimals) =>
    `${counted(digits)(value, decimals)} ${unit}`;

const spans = [
  [1e-6, 1e-9, 'ns'],
  [1e-3, 1e-6, 'µs'],
  [1, 1e-3, 'ms'],
  [60, 1, 's'],
  [3600, 60, 'mins'],
  [86_400, 3600, 'hours'],
  [604_800, 86_400, 'days'],
  [31_536_000, 604_800, 'weeks'],
  [Infinity, 31_556_900, 'years'],
] as const;

const seconds: Family = (digits) => (value, decimals) => {
  if (value === 0) return `${digits(0, decimals)} s`;
  const [, size, name] = spans.find(([below]) => Math.abs(value) < below) ?? spans[3];
  // What is left of a binary fraction after the division is no digit of the value.
  const amount = Number((value / size).toPrecision(12));
  return `${digits(amount, decimals)} ${decimals === undefined && amount === 1 ? name.replace(/(?<=..)s$/, '') : name}`;
};

const share =
  (factor: number): Family =>
  (digits) =>
  (value, decimals) =>
    `${digits(Number((value * factor).toPrecision(12)), decimals)}%`;

const families: Readonly<Record<string, Family>> = {
  short,
  none: (digits) => digits,
  percent: share(1),
  percentunit: share(100),
  reqps: perSecond('req/s'),
  ops: perSecond('ops/s'),
  cps: perSecond('c/s'),
  rps: perSecond('rd/s'),
  wps: perSecond('wr/s'),
  s: seconds,
  ms: (digits) => (value, decimals) => seconds(digits)(value / 1000, decimals),
  bytes: scaled(1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']),
  decbytes: scaled(1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']),
  Bps: scaled(1000, ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s']),
  binBps: scaled(1024, ['B/s', 'KiB/s', 'MiB/s', 'GiB/s', 'TiB/s']),
  dateTimeAsIso: () => (value) => new Date(value).toISOString(),
};

const formatWith =
  (digits: Formatter) =>
  (value: number | null, unit = 'short', decimals?: number): string => {
    if (value === null || Number.isNaN(value)) return '–';
    if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
    return (families[unit] ?? short)(digits)(value, decimals);
  };

/** @param decimals digits after the point; as many as Grafana shows by default */
export const formatValue = formatWith(fixed);

/** The same for a tick of an axis, which is round. */
export const formatTick = formatWith(asFewAsNeeded);
