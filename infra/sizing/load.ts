import { durationMs } from '../../telemetry/query/scale-time.ts';

/** What a cluster's stack takes in. Every size is derived from it. */
export interface Load {
  /** Active series: what one round of scrapes finds (`prometheus_tsdb_head_series`). */
  readonly series: number;
  /** Bytes of log lines before compression (`sum(increase(loki_distributor_bytes_received_total[1d]))`). */
  readonly logBytesPerDay: number;
  /** Services that write logs and are scraped. */
  readonly services: number;
}

/** What is sized for at all, both ends included; past the upper end one Prometheus or one Loki is the wrong shape. */
export const bounds = {
  series: { min: 1000, max: 10_000_000 },
  logBytesPerDay: { min: 1e6, max: 1e12 },
  services: { min: 1, max: 1000 },
} as const satisfies Readonly<Record<keyof Load, { readonly min: number; readonly max: number }>>;

const units = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** A size as environment files have it: a whole amount and MB, GB or TB, powers of ten. */
export const sizePattern = /^([1-9]\d{0,8})(MB|GB|TB)$/;

/** Bytes of `512MB`; undefined when the text is no such size. */
export function bytesOf(text: string): number | undefined {
  const [, amount, unit] = sizePattern.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * units[unit as keyof typeof units];
}

/** At least so many bytes, in the largest unit that keeps two digits or more: `173GB`, `2500MB`. */
export function sizeOfBytes(bytes: number): string {
  const [unit, factor] =
    Object.entries(units)
      .toReversed()
      .find(([, each]) => bytes >= 10 * each) ?? (['MB', units.MB] as const);
  return `${Math.max(1, Math.ceil(bytes / factor))}${unit}`;
}

/** At least so many bytes as a volume is asked for: whole GiB. */
export const volumeOfBytes = (bytes: number): string => `${Math.max(1, Math.ceil(bytes / 2 ** 30))}Gi`;

/** Days of a duration such as `30d`; undefined when the text is none. */
export function daysOf(text: string): number | undefined {
  const milliseconds = durationMs(text);
  return milliseconds === undefined ? undefined : milliseconds / 86_400_000;
}
