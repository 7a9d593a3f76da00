import { keyOf, type Labels, leaveOut, present, type Series } from './series.ts';

const boundOf = ({ le = '' }: Labels): number => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));

/**
 * `histogram_quantile`: linear within the bucket in which the quantile falls, as Prometheus computes it
 * (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile).
 */
export function bucketQuantile(share: number, series: readonly Series[]): readonly Series[] {
  const groups = Map.groupBy(series, ({ labels }) => keyOf(leaveOut(labels, ['le'])));
  const all = [...groups.values()].map((members): Series => {
    const buckets = members.toSorted((left, right) => boundOf(left.labels) - boundOf(right.labels));
    const bounds = buckets.map(({ labels }) => boundOf(labels));
    return {
      labels: leaveOut(members[0]?.labels ?? {}, ['le']),
      values: (members[0]?.values ?? []).map((_, at) =>
        quantileOf(
          share,
          bounds,
          buckets.map(({ values }) => values[at] ?? Number.NaN),
        ),
      ),
    };
  });
  return present(all);
}

/** @param counts of everything up to each bound */
function quantileOf(share: number, bounds: readonly number[], counts: readonly number[]): number {
  const total = counts.at(-1) ?? Number.NaN;
  if (!(total > 0)) return Number.NaN;
  const wanted = share * total;
  const index = counts.findIndex((count) => count >= wanted);
  if (index === bounds.length - 1) return bounds.at(-2) ?? Number.NaN;
  const [low, high] = [index > 0 ? (bounds[index - 1] ?? 0) : 0, bounds[index] ?? Number.NaN];
  const [below, upTo] = [index > 0 ? (counts[index - 1] ?? 0) : 0, counts[index] ?? Number.NaN];
  return low + (high - low) * ((wanted - below) / (upTo - below));
}
