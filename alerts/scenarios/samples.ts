import { durationMs } from '../../telemetry/query/scale-time.ts';
import type { Scenario } from './scenario.ts';

const number = String.raw`\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const pattern = new RegExp(`^(-?${number}|_|stale)([+-]${number})?(?:x(\\d+))?$`);

/** Values of a series in promtool's notation, one a sample; undefined where there is none. */
export function valuesOf(notation: string): readonly (number | undefined)[] {
  return notation
    .trim()
    .split(/\s+/)
    .flatMap((piece) => {
      const [, start = '', step, times] = pattern.exec(piece) ?? [];
      const first = Number(start);
      if (Number.isNaN(first)) return Array.from({ length: Number(times ?? 1) }, () => undefined);
      return Array.from({ length: Number(times ?? 0) + 1 }, (_, index) => first + Number(step ?? 0) * index);
    });
}

/** The name of a series in a scenario. */
export const nameOf = (series: string): string => series.split('{', 1)[0] ?? series;

/** Whether one of those counters begins anew before the scenario is looked at. */
export function restarts({ samples, at, every = '15s' }: Scenario, counters: ReadonlySet<string>): boolean {
  const seen = Math.floor((durationMs(at) ?? 0) / (durationMs(every) ?? 1)) + 1;
  return samples.some(([series, notation]) => {
    if (!counters.has(nameOf(series))) return false;
    const values = valuesOf(notation)
      .slice(0, seen)
      .filter((value) => value !== undefined);
    return values.some((value, index) => value < (values[index - 1] ?? value));
  });
}
