import type { RecordedSeries } from './series.ts';

/** Seconds between two samples, as the stack scrapes. */
export const scrape = 15;
const hour = 3600;

/** The scrape at a time, or the last one before it. @param second epoch seconds */
export const lastScrape = (second: number): number => Math.floor(second / scrape) * scrape;
/** The first scrape after a time: a range does not hold what is at its very beginning. */
export const firstScrape = (second: number): number => lastScrape(second) + scrape;

/** What each hour's scrapes add up to, by series: the same sums whoever asks, and in whatever order. */
const sums = new WeakMap<RecordedSeries, Map<number, Float64Array>>();

/** Growth from the beginning of an hour to each of its scrapes, and to the next hour. */
function growthOfHour(series: RecordedSeries, start: number): Float64Array {
  const known = sums.get(series) ?? new Map<number, Float64Array>();
  sums.set(series, known);
  const before = known.get(start);
  if (before) return before;
  const made = new Float64Array(hour / scrape + 1);
  let last = series.at(start);
  for (let step = 1; step < made.length; step += 1) {
    const next = series.at(start + step * scrape);
    made[step] = (made[step - 1] ?? 0) + (scrape * (last + next)) / 2;
    last = next;
  }
  known.set(start, made);
  return made;
}

/** What a counter grew by between two scrapes, epoch seconds. */
export function growthBetween(series: RecordedSeries, from: number, to: number): number {
  const start = Math.floor(from / hour) * hour;
  const growth = growthOfHour(series, start);
  const end = start + hour;
  const until = Math.min(to, end);
  const own = (growth[(until - start) / scrape] ?? 0) - (growth[(from - start) / scrape] ?? 0);
  return to > end ? own + growthBetween(series, end, to) : own;
}

/** Counters begin anew at midnight, UTC, each at this: near zero Prometheus takes a rise for one from nothing. */
const atMidnight = 1e6;

/** What is stored of a scrape; NaN where nothing is. */
export function sampleAt(series: RecordedSeries, second: number): number {
  if (!series.counter) return series.at(second);
  return atMidnight + growthBetween(series, Math.floor(second / 86_400) * 86_400, second);
}

/** The line of least squares through the samples of a range: its slope a second, and where it is at the end. */
export function lineThrough(
  series: RecordedSeries,
  end: number,
  seconds: number,
): { readonly slope: number; readonly atEnd: number } {
  const points: (readonly [time: number, value: number])[] = [];
  for (let second = firstScrape(end - seconds); second <= end; second += scrape) {
    const value = sampleAt(series, second);
    if (!Number.isNaN(value)) points.push([second - end, value]);
  }
  if (points.length < 2) return { slope: Number.NaN, atEnd: Number.NaN };
  const mean = (pick: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [time, value] = [mean(([at]) => at), mean(([, height]) => height)];
  const slope = mean(([at, height]) => (at - time) * (height - value)) / mean(([at]) => (at - time) ** 2);
  return { slope, atEnd: value - slope * time };
}
