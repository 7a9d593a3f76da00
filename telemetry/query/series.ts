import { catalogue } from '../catalogue/index.ts';
import type { CatalogueMetric } from '../catalogue/types.ts';
import type { LabelValue, TargetLabel } from '../contract/labels.ts';
import { targetLabels } from '../contract/labels.ts';
import { metrics } from '../contract/metrics.ts';
import { type RecordedName, recorded } from '../contract/recorded.ts';

/** Every metric that a query may name: our own and the catalogue's, and what recording rules make of them. */
const knownMetrics = { ...metrics, ...catalogue, ...recorded };

type Known = typeof knownMetrics;
type HistogramPart<N extends string> = `${N}_bucket` | `${N}_sum` | `${N}_count`;

/** Names of series: a histogram is stored as three of them, each other metric as itself. */
export type SeriesName = {
  [N in keyof Known]: Known[N]['type'] extends 'histogram' ? HistogramPart<N> : N;
}[keyof Known];

type MetricOf<S extends SeriesName> = S extends keyof Known
  ? S
  : {
      [N in keyof Known]: Known[N]['type'] extends 'histogram'
        ? S extends HistogramPart<N>
          ? N
          : never
        : never;
    }[keyof Known];

/** Labels of a series: the metric's own, the target's unless it is recorded, and `le` on buckets. */
export type LabelOfSeries<S extends SeriesName> =
  | Known[MetricOf<S>]['labels'][number]
  | (S extends RecordedName ? never : TargetLabel)
  | (S extends `${string}_bucket` ? 'le' : never);

export interface Matcher {
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export type Matchers<S extends SeriesName> = {
  readonly [L in LabelOfSeries<S>]?: LabelValue<L> | Matcher;
};

/** `=~`: the whole value must match this RE2 expression. */
export const matches = (value: string): Matcher => ({ operator: '=~', value });
/** `!~` */
export const notMatches = (value: string): Matcher => ({ operator: '!~', value });
/** `!=` */
export const not = (value: string): Matcher => ({ operator: '!=', value });
/** `=~` over a list of literal values. */
export const oneOf = (values: readonly string[]): Matcher => ({
  operator: '=~',
  value: values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
});
/** A dashboard variable, which may hold several values: `=~"$service"`. */
export const variable = (name: string): Matcher => ({ operator: '=~', value: `$${name}` });

const histogramSuffix = /_(bucket|sum|count)$/;

/** The metric behind a series name, or undefined when no contract and no catalogue knows it. */
export function metricOfSeries(name: string): CatalogueMetric | undefined {
  const table: Readonly<Record<string, CatalogueMetric>> = knownMetrics;
  const direct = table[name];
  if (direct) return direct.type === 'histogram' ? undefined : direct;
  const base = table[name.replace(histogramSuffix, '')];
  return base?.type === 'histogram' ? base : undefined;
}

/** All labels that a series may carry, or undefined when the series is unknown. */
export function labelsOfSeries(name: string): ReadonlySet<string> | undefined {
  const metric = metricOfSeries(name);
  if (!metric) return undefined;
  if (Object.hasOwn(recorded, name)) return new Set(metric.labels);
  const labels = new Set<string>([...metric.labels, ...Object.keys(targetLabels)]);
  if (name.endsWith('_bucket')) labels.add('le');
  return labels;
}
