/** Values as Grafana's unit ids show them. What is not listed here is shown as a plain number. */

type Formatter = (value: number, decimals: number | undefined) => string;

/** Enough digits to tell values apart, without zeros at the end. */
function trimmed(value: number, decimals: number | undefined): string {
  if (decimals !== undefined) return value.toFixed(decimals);
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}

function scaled(base: number, suffixes: readonly string[], separator = ' '): Formatter {
  return (value, decimals) => {
    let scale = 0;
    let size = value;
    while (Math.abs(size) >= base && scale < suffixes.length - 1) {
      size /= base;
      scale += 1;
    }
    const suffix = suffixes[scale] ?? '';
    return `${trimmed(size, decimals)}${suffix === '' ? '' : separator}${suffix}`;
  };
}

const short = scaled(1000, ['', 'K', 'Mil', 'Bil', 'Tri']);

const perSecond =
  (unit: string): Formatter =>
  (value, decimals) =>
    `${short(value, decimals)} ${unit}`;

const seconds: Formatter = (value, decimals) => {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 0.000_001) return `${trimmed(value * 1e9, decimals)} ns`;
  if (size < 0.001) return `${trimmed(value * 1e6, decimals)} µs`;
  if (size < 1) return `${trimmed(value * 1000, decimals)} ms`;
  if (size < 60) return `${trimmed(value, decimals)} s`;
  if (size < 3600) return `${trimmed(value / 60, decimals)} mins`;
  if (size < 86_400) return `${trimmed(value / 3600, decimals)} hours`;
  return `${trimmed(value / 86_400, decimals)} days`;
};

const formatters: Readonly<Record<string, Formatter>> = {
  short,
  none: trimmed,
  percent: (value, decimals) => `${trimmed(value, decimals)}%`,
  percentunit: (value, decimals) => `${trimmed(value * 100, decimals)}%`,
  reqps: perSecond('req/s'),
  ops: perSecond('ops/s'),
  cps: perSecond('c/s'),
  s: seconds,
  ms: (value, decimals) => seconds(value / 1000, decimals),
  bytes: scaled(1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']),
  decbytes: scaled(1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']),
  Bps: scaled(1000, ['B/s', 'kB/s', 'MB/s', 'GB/s']),
  dateTimeAsIso: (value) => new Date(value).toISOString(),
};

/** @param decimals digits after the point; as many as useful by default */
export function formatValue(value: number | null, unit = 'short', decimals?: number): string {
  if (value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  return (formatters[unit] ?? short)(value, decimals);
}
