import { metrics } from '../../telemetry/contract/metrics.ts';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Value at a share of the range, 0 to 1; counters are integrated by the caller. */
  readonly at: (second: number) => number;
  readonly kind: 'counter' | 'gauge' | 'unknown';
}

/** Share of requests that are faster than a bound: log-normal around a median. @param median seconds */
function fasterThan(bound: number, median: number): number {
  const z = Math.log(bound / median) / 0.8;
  return 1 / (1 + Math.exp(-1.702 * z));
}

export function histogram(
  name: string,
  labels: Record<string, string>,
  rate: (second: number) => number,
  median: (second: number) => number,
): Sample[] {
  const definition = Object.entries(metrics).find(([metric]) => metric === name)?.[1];
  const bounds = definition && 'buckets' in definition ? definition.buckets : [];
  const bucket = (le: string, share: (second: number) => number): Sample => ({
    name: `${name}_bucket`,
    labels: { ...labels, le },
    kind: 'counter',
    at: (second) => rate(second) * share(second),
  });
  return [
    ...bounds.map((bound) =>
      bucket(bound.toFixed(4).replace(/0+$/, '').replace(/\.$/, '.0'), (second) =>
        fasterThan(bound, median(second)),
      ),
    ),
    bucket('+Inf', () => 1),
    { name: `${name}_count`, labels, kind: 'counter', at: rate },
    { name: `${name}_sum`, labels, kind: 'counter', at: (second) => rate(second) * median(second) * 1.3 },
  ];
}

export const gauge = (
  name: string,
  labels: Record<string, string>,
  at: (second: number) => number,
): Sample => ({
  name,
  labels,
  kind: 'gauge',
  at,
});
export const counter = (
  name: string,
  labels: Record<string, string>,
  at: (second: number) => number,
): Sample => ({
  name,
  labels,
  kind: 'counter',
  at,
});
