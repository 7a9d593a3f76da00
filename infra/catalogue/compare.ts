import type { CatalogueMetric } from '../../telemetry/catalogue/types.ts';
import { targetLabels } from '../../telemetry/contract/labels.ts';
import type { Exposition } from './exposition.ts';

export type Finding =
  | {
      readonly state: 'verified' /** Labels it has beside those that are listed. */;
      readonly unlisted: readonly string[];
    }
  | { readonly state: 'different' | 'not seen'; readonly why: string };

/** Labels that a component's own samples may carry and that the catalogue does not list for a metric. */
const understood: ReadonlySet<string> = new Set([...Object.keys(targetLabels), 'le', 'quantile']);

/**
 * Whether a metric is exposed as the catalogue says: the same type, every label that is listed. More labels are fine
 * and reported. A series that Prometheus writes by itself has no type, and is read as a gauge.
 */
export function compareMetric(name: string, entry: CatalogueMetric, exposition: Exposition): Finding {
  const observed = exposition.get(name);
  if (observed === undefined) return { state: 'not seen', why: 'it has no sample' };
  const { type = 'gauge', labels } = observed;
  const expected = entry.exposedAs ?? entry.type;
  const missing = entry.labels.filter((label) => !labels.has(label));
  const why = [
    ...(type === expected ? [] : [`its type is ${type}, not ${expected}`]),
    ...(missing.length === 0 ? [] : [`no sample has the label ${missing.join(' or ')}`]),
  ];
  if (why.length > 0) return { state: 'different', why: why.join('; ') };
  const unlisted = [...labels].filter((label) => !understood.has(label) && !entry.labels.includes(label));
  return { state: 'verified', unlisted: unlisted.sort() };
}

/** The findings on all metrics of a component, by name. */
export function compareAll(
  metrics: Readonly<Record<string, CatalogueMetric>>,
  exposition: Exposition,
): ReadonlyMap<string, Finding> {
  return new Map(
    Object.entries(metrics).map(([name, entry]) => [name, compareMetric(name, entry, exposition)]),
  );
}
