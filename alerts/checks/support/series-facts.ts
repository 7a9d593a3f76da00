import { metricLabels, targetLabels } from '../../../telemetry/contract/labels.ts';
import { emitterNames } from '../../../telemetry/contract/pipeline.ts';
import type { LabelDefinition } from '../../../telemetry/contract/types.ts';
import type { LabelMatcher, Selector } from '../../../telemetry/query/promql-tree.ts';
import { closedValues, isCommon, ourMetric, satisfies } from '../../../telemetry/query/series-facts.ts';

const ourLabels: Readonly<Record<string, LabelDefinition>> = metricLabels;

/** What the platform is made for: at most how many values a label of third parties has in one target. */
const bounds: Readonly<Record<string, number>> = {
  // One a target.
  app_id: 1,
  // These follow from the mount point.
  device: 1,
  device_error: 1,
  fstype: 1,
  method: 10,
  mode: 8,
  path: 10,
  ws: 2,
  success: 2,
  // success, retry or drop
  process_status: 3,
  consumergroup: 50,
  route: 50,
  partition: 100,
  cpu: 128,
  node: 200,
  statefulset: 200,
  deployment: 1000,
  job_name: 1000,
  persistentvolumeclaim: 1000,
  uid: 10_000,
};
const others = 20;

/** By the first word of the series' name, how many targets expose it; an object's exporter is one. */
const exporters: Readonly<Record<string, number>> = {
  dapr: 50,
  kafka: 1,
  kube: 1,
  loki: 10,
  node: 200,
};
const instancesOfService = 10;
const fewTargets = 20;

export const isTargetLabel = (label: string): boolean => label in targetLabels;

/** Who exposes the series that a selector names: our services one by one, others' as one. */
interface Exposing {
  readonly service?: string;
  /** At most how many targets. */
  readonly targets: number;
}

export function exposing({ name = '', matchers }: Selector): readonly Exposing[] {
  const metric = ourMetric(name);
  if (!metric) return [{ targets: exporters[name.split('_')[0] ?? ''] ?? fewTargets }];
  const about = matchers.filter(({ label }) => label === 'service');
  return (isCommon(name) ? emitterNames : metric.services)
    .filter((service) => about.every(({ operator, value }) => satisfies(service, operator, value)))
    .map((service) => ({ service, targets: instancesOfService }));
}

function labelBound(series: string | undefined, label: string): number {
  const metric = series === undefined ? undefined : ourMetric(series);
  if (label === 'le') return (metric?.buckets?.length ?? others) + 1;
  return metric ? (ourLabels[label]?.maxValues ?? 1) : (bounds[label] ?? others);
}

/** At most how many values of a label one target shows to a selector; one of the service, where it is given. */
export function valuesLeft({ name, matchers }: Selector, label: string, service?: string): number {
  const about = matchers.filter((matcher) => matcher.label === label);
  const closed = ourLabels[label]?.byService?.[service ?? ''] ?? closedValues(name, label);
  if (closed)
    return closed.filter((value) =>
      about.every((matcher) => satisfies(value, matcher.operator, matcher.value)),
    ).length;
  return Math.min(labelBound(name, label), ...about.map(valuesNamed));
}

/** A list of literals names as many values as it has; any other expression says nothing. */
function valuesNamed({ operator, value }: LabelMatcher): number {
  if (operator === '=') return 1;
  const isList = operator === '=~' && !/[.*+?[{]/.test(value.replaceAll('\\.', ''));
  return isList ? value.split('|').length : Number.POSITIVE_INFINITY;
}
