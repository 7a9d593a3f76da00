import type { Frame } from './frames.ts';

interface Calculation {
  /** As Grafana's legend names it. */
  readonly title: string;
  readonly of: (values: readonly number[]) => number | null;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const calculations: Readonly<Record<string, Calculation>> = {
  lastNotNull: { title: 'Last *', of: (values) => values.at(-1) ?? null },
  last: { title: 'Last', of: (values) => values.at(-1) ?? null },
  firstNotNull: { title: 'First *', of: (values) => values[0] ?? null },
  first: { title: 'First', of: (values) => values[0] ?? null },
  min: { title: 'Min', of: (values) => Math.min(...values) },
  max: { title: 'Max', of: (values) => Math.max(...values) },
  mean: { title: 'Mean', of: mean },
  sum: { title: 'Total', of: (values) => mean(values) * values.length },
  count: { title: 'Count', of: (values) => values.length },
  range: { title: 'Range', of: (values) => Math.max(...values) - Math.min(...values) },
};

export const calcTitle = (id: string): string => calculations[id]?.title ?? id;

/** One of Grafana's reducers over a series; null where it has no value, or the reducer is not known. */
export function calc(id: string, { points }: Frame): number | null {
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
  return values.length === 0 ? null : (calculations[id]?.of(values) ?? null);
}
