import type { Expression, Range } from '../../../telemetry/query/promql-tree.ts';
import { evaluate, type Source } from './evaluate.ts';
import { selects } from './matchers.ts';
import { recordedSeries } from './metric-series.ts';
import { nameless, present, type RecordedSeries, type Series } from './series.ts';

/** Seconds between two samples, as the stack scrapes. */
const scrape = 15;

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

/** Of what grows: its growth a second (counters), and the seconds of the range. */
const ofGrowth: Readonly<Record<string, (growth: number, seconds: number) => number>> = {
  rate: (growth) => growth,
  irate: (growth) => growth,
  increase: (growth, seconds) => growth * seconds,
};

/** Of a gauge: its value, its slope a second, the seconds of the range, and how far ahead it is asked. */
const ofSlope: Readonly<
  Record<string, (value: number, slope: number, seconds: number, ahead: number) => number>
> = {
  deriv: (_, slope) => slope,
  delta: (_, slope, seconds) => slope * seconds,
  idelta: (_, slope) => slope * scrape,
  predict_linear: (value, slope, _, ahead) => value + slope * ahead,
};

const selected = (operand: Expression): readonly RecordedSeries[] =>
  operand.kind === 'selector'
    ? recordedSeries(operand.name ?? '').filter(({ labels }) => selects(operand.matchers, labels))
    : [];

/** A counter as it is stored: what it grew by since midnight, UTC. */
const stored = ({ at, counter }: RecordedSeries, second: number): number =>
  counter ? at(second) * (second % 86_400) : at(second);

export const promqlSource: Source = {
  select: (selector, times) =>
    present(
      selected(selector).map((series) => ({
        labels: { __name__: selector.name ?? '', ...series.labels },
        values: times.map((second) => stored(series, second)),
      })),
    ),
  overRange(name, range, times, parameter) {
    const seconds = range.rangeMs / 1000;
    const grown = ofGrowth[name];
    if (grown)
      return fromEach(range, times, (series, second) => grown(meanOf(series, second, seconds), seconds));
    const sloped = ofSlope[name];
    if (sloped)
      return fromEach(range, times, ({ at }, second) =>
        sloped(at(second), (at(second) - at(second - seconds)) / seconds, seconds, parameter),
      );
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

/** What grew over a range is smoother than at one moment. */
const meanOf = ({ at }: RecordedSeries, second: number, seconds: number): number =>
  (at(second - seconds) + at(second - seconds / 2) + at(second)) / 3;

function reduced(
  { operand, rangeMs, stepMs }: Range,
  times: readonly number[],
  reduce: (values: readonly number[]) => number,
): readonly Series[] {
  const step = stepMs === undefined ? scrape : Math.max(scrape, stepMs / 1000);
  const count = Math.max(1, Math.floor(rangeMs / 1000 / step));
  const windows = times.map((second) =>
    Array.from({ length: count }, (_, back) => second - (count - 1 - back) * step),
  );
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
