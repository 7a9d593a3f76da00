import type { Expression, Range } from '../../../telemetry/query/promql-tree.ts';
import { evaluate, type Source } from './evaluate.ts';
import { selects } from './matchers.ts';
import { recordedSeries } from './metric-series.ts';
import { firstScrape, growthBetween, lastScrape, lineThrough, sampleAt, scrape } from './samples.ts';
import { nameless, present, type RecordedSeries, type Series } from './series.ts';

const finite = (values: readonly number[]): readonly number[] =>
  values.filter((value) => !Number.isNaN(value));
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Of the samples in a range, of which there is one at least. */
const overTime: Readonly<Record<string, (values: readonly number[], parameter: number) => number>> = {
  avg_over_time: (values) => total(values) / values.length,
  min_over_time: (values) => Math.min(...values),
  max_over_time: (values) => Math.max(...values),
  sum_over_time: total,
  count_over_time: (values) => values.length,
  last_over_time: (values) => values.at(-1) ?? Number.NaN,
  present_over_time: () => 1,
  changes: (values) => values.filter((value, at) => at > 0 && value !== values[at - 1]).length,
  resets: (values) => values.filter((value, at) => at > 0 && value < (values[at - 1] ?? value)).length,
};

/** Of a counter: what it grew by between two samples, the seconds between them, and those of the range. */
const ofGrowth: Readonly<Record<string, (growth: number, between: number, seconds: number) => number>> = {
  rate: (growth, between) => growth / between,
  // Up to both ends of the range, as Prometheus does where a sample is near enough to each.
  increase: (growth, between, seconds) => (growth / between) * seconds,
};

/** Of the line through the samples of a gauge: its slope a second, its value now, and how far ahead it is asked. */
const ofLine: Readonly<Record<string, (slope: number, now: number, ahead: number) => number>> = {
  deriv: (slope) => slope,
  predict_linear: (slope, now, ahead) => now + slope * ahead,
};

const selected = (operand: Expression): readonly RecordedSeries[] =>
  operand.kind === 'selector'
    ? recordedSeries(operand.name ?? '').filter(({ labels }) => selects(operand.matchers, labels))
    : [];

export const promqlSource: Source = {
  select: (selector, times) =>
    present(
      selected(selector).map((series) => ({
        labels: { __name__: selector.name ?? '', ...series.labels },
        values: times.map((second) => sampleAt(series, lastScrape(second))),
      })),
    ),
  overRange(name, range, times, parameter) {
    const seconds = range.rangeMs / 1000;
    const grown = ofGrowth[name];
    if (grown)
      return fromEach(range, times, (series, second) => {
        const [first, last] = [firstScrape(second - seconds), lastScrape(second)];
        return last > first ? grown(growthBetween(series, first, last), last - first, seconds) : Number.NaN;
      });
    const onLine = ofLine[name];
    if (onLine)
      return fromEach(range, times, (series, second) => {
        const { slope, atEnd } = lineThrough(series, second, seconds);
        return onLine(slope, atEnd, parameter);
      });
    const reduce = overTime[name];
    return reduce && reduced(range, times, (values) => reduce(values, parameter));
  },
};

const fromEach = (
  { operand }: Range,
  times: readonly number[],
  value: (series: RecordedSeries, second: number) => number,
): readonly Series[] =>
  selected(operand).map((series) => ({
    labels: nameless(series.labels),
    values: times.map((second) => value(series, second)),
  }));

function reduced(
  { operand, rangeMs, stepMs }: Range,
  times: readonly number[],
  reduce: (values: readonly number[]) => number,
): readonly Series[] {
  const step = stepMs === undefined ? scrape : Math.max(scrape, stepMs / 1000);
  const count = Math.max(1, Math.floor(rangeMs / 1000 / step));
  const windows = times.map((second) => {
    const last = Math.floor(second / step) * step;
    return Array.from({ length: count }, (_, back) => last - (count - 1 - back) * step);
  });
  const { series } = evaluate(operand, { source: promqlSource, times: windows.flat() });
  return present(
    series.map(({ labels, values }) => ({
      labels: nameless(labels),
      values: windows.map((_, at) => {
        const there = finite(values.slice(at * count, (at + 1) * count));
        return there.length === 0 ? Number.NaN : reduce(there);
      }),
    })),
  );
}
