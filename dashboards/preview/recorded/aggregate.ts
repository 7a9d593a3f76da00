import type { Aggregation } from '../../../telemetry/query/promql-tree.ts';
import { keep, keyOf, type Labels, leaveOut, present, type Series } from './series.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const place = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}

function deviation(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
}

/** Of the values of one group at one time, of which there is one at least. */
const operators: Readonly<Record<string, (values: readonly number[], parameter: number) => number>> = {
  sum,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  avg: (values) => sum(values) / values.length,
  count: (values) => values.length,
  group: () => 1,
  stddev: deviation,
  quantile,
};

type Group = Pick<Aggregation, 'grouping' | 'labels'>;

const groupLabels = (own: Labels, { grouping, labels }: Group): Labels =>
  grouping === 'without' ? leaveOut(own, labels) : keep(own, grouping === 'by' ? labels : []);

/** @returns undefined for an operator that is not known */
export function aggregate(
  operator: string,
  series: readonly Series[],
  group: Group,
  parameter: number,
): readonly Series[] | undefined {
  if (operator === 'topk' || operator === 'bottomk')
    return ranked(series, group, operator === 'topk' ? -1 : 1, parameter);
  const reduce = operators[operator];
  if (!reduce) return undefined;
  const groups = Map.groupBy(series, ({ labels }) => keyOf(groupLabels(labels, group)));
  const all = [...groups.values()].map((members): Series => {
    const length = members[0]?.values.length ?? 0;
    return {
      labels: groupLabels(members[0]?.labels ?? {}, group),
      values: Array.from({ length }, (_, at) => {
        const values = members
          .map((member) => member.values[at] ?? Number.NaN)
          .filter((n) => !Number.isNaN(n));
        return values.length === 0 ? Number.NaN : reduce(values, parameter);
      }),
    };
  });
  return present(all);
}

/** Each series keeps the values at which it is among the first of its group. @param order 1 for the smallest */
function ranked(series: readonly Series[], group: Group, order: 1 | -1, count: number): readonly Series[] {
  const groups = Map.groupBy(series, ({ labels }) => keyOf(groupLabels(labels, group)));
  const kept = [...groups.values()].flatMap((members) =>
    members.map((member): Series => {
      const isAmong = (at: number): boolean => {
        const own = member.values[at] ?? Number.NaN;
        const before = members.filter((other) => order * ((other.values[at] ?? Number.NaN) - own) < 0);
        return before.length < count;
      };
      return {
        labels: member.labels,
        values: member.values.map((value, at) => (isAmong(at) ? value : Number.NaN)),
      };
    }),
  );
  return present(kept);
}
