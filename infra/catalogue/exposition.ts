/** A metric as a component exposes it: its type where one is said, and every label that any of its samples carries. */
export interface ObservedMetric {
  readonly type: string | undefined;
  readonly labels: ReadonlySet<string>;
}

/** By the name of the metric; a histogram or summary is one metric. */
export type Exposition = ReadonlyMap<string, ObservedMetric>;

const typeLine = /^# TYPE (\S+) (\w+)$/;
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})?\s/;
/** A value may hold braces, commas and escaped quotes, so it is matched whole. */
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="(?:[^"\\]|\\.)*"/g;
const partSuffix = /_(bucket|sum|count)$/;

/** Reads the Prometheus text format, version 0.0.4. A metric without a sample is left out: nobody could query it. */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const observed = new Map<string, { readonly type: string | undefined; readonly labels: Set<string> }>();
  for (const line of text.split('\n')) {
    const [, declared, type] = typeLine.exec(line) ?? [];
    if (declared !== undefined && type !== undefined) types.set(declared, type);
    const [, series, labels = ''] = sampleLine.exec(line) ?? [];
    if (series === undefined) continue;
    const name = metricOf(series, types);
    const metric = observed.get(name) ?? { type: types.get(name), labels: new Set<string>() };
    observed.set(name, metric);
    for (const [, label = ''] of labels.matchAll(labelPair)) metric.labels.add(label);
  }
  return observed;
}

/** `x_bucket` belongs to the histogram `x`; of a counter `x_count` it is the name itself. */
function metricOf(series: string, types: ReadonlyMap<string, string>): string {
  const base = series.replace(partSuffix, '');
  const type = types.get(base);
  return type === 'histogram' || type === 'summary' ? base : series;
}
