import { metricLabels, targetLabels } from '../contract/labels.ts';
import { streamLabels } from '../contract/logs.ts';
import { metrics } from '../contract/metrics.ts';
import type { LabelDefinition, MetricDefinition } from '../contract/types.ts';
import { metricOfSeries } from './series.ts';

const ours: Readonly<Record<string, MetricDefinition<string, string>>> = metrics;
const ourLabels: Readonly<Record<string, LabelDefinition>> = metricLabels;
const everywhere: Readonly<Record<string, LabelDefinition>> = targetLabels;
const ofStreams: Readonly<Record<string, readonly string[]>> = streamLabels;

const histogramPart = /_(bucket|sum|count)$/;

/** Our own metric behind a series. */
export const ourMetric = (series: string): MetricDefinition<string, string> | undefined =>
  ours[series] ?? ours[series.replace(histogramPart, '')];

/** How a series behaves: buckets, sums and counts of a histogram only grow. Undefined when nobody declares it. */
export function behaviour(series: string): 'counter' | 'gauge' | undefined {
  const type = metricOfSeries(series)?.type;
  return type === 'histogram' ? 'counter' : type;
}

export const isBucket = (series: string): boolean =>
  series.endsWith('_bucket') && metricOfSeries(series)?.type === 'histogram';

/** Metrics that the stack's components expose under the same names as our services. */
export const isCommon = (series: string): boolean => /^(process|nodejs)_/.test(series);

/** Every value that a label of a series can have, or undefined where the set is open. */
export function closedValues(series: string | undefined, label: string): readonly string[] | undefined {
  if (series === undefined) return ofStreams[label] ?? everywhere[label]?.values;
  const metric = ourMetric(series);
  if (label === 'service' && metric && !isCommon(series)) return metric.services;
  return (metric ? ourLabels[label]?.values : undefined) ?? everywhere[label]?.values;
}

/** Whether the value of a label satisfies a matcher. RE2 and JavaScript agree on what rules use. */
export function satisfies(value: string, operator: string, expected: string): boolean {
  switch (operator) {
    case '=':
      return value === expected;
    case '!=':
      return value !== expected;
    case '=~':
      return new RegExp(`^(?:${expected})$`).test(value);
    default:
      return !new RegExp(`^(?:${expected})$`).test(value);
  }
}
