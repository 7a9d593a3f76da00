import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import { metricLabels } from '../contract/labels.ts';
import { type MetricName, metrics } from '../contract/metrics.ts';
import type { LabelDefinition, MetricDefinition } from '../contract/types.ts';
import { SightlineError } from '../errors.ts';
import { type ActiveSpan, activeSpan } from './active-span.ts';

type LabelValues = Readonly<Record<string, string>>;

/** The record that prom-client keeps for one label set of a counter or gauge, and exposes. */
interface ValueEntry {
  value: number;
}

interface Exemplar {
  readonly labelSet: { trace_id: string; span_id: string };
  value: number;
  /** Unix time in seconds. */
  timestamp: number;
}

/** The same of a histogram; bucket counts are not cumulative, `-1` stands for +Inf. */
interface HistogramEntry {
  readonly bucketValues: Record<string, number>;
  readonly bucketExemplars: Record<string, Exemplar>;
  sum: number;
  count: number;
}

/** One label set of a histogram. */
export interface HistogramSeries {
  /** The exemplar is the given span’s, or else the current one’s, where it is sampled; none with null. */
  observe(value: number, span?: ActiveSpan | null): void;
}

const labelDefinitions: Readonly<Record<string, LabelDefinition>> = metricLabels;
const overflowValue = 'other';

/** Told once for each metric and label whose open set of values is full. */
export type OnOverflow = (metric: MetricName, label: string, limit: number) => void;

/**
 * The label sets of one metric. prom-client validates and hashes the labels again at each sample, which costs
 * more than the sample; here a label set is checked once, and its entry in prom-client is kept and updated.
 */
export class SeriesSet {
  readonly name: MetricName;
  readonly labelNames: readonly string[];
  private readonly definition: MetricDefinition<string, string>;
  private readonly metric: Counter | Gauge | Histogram;
  private readonly entries = new Map<string, ValueEntry>();
  private readonly histograms = new Map<string, HistogramSeries>();
  private readonly openValues = new Map<string, Set<string>>();
  private readonly onOverflow: OnOverflow;

  constructor(
    name: MetricName,
    registry: Registry<OpenMetricsContentType>,
    onOverflow: OnOverflow,
    collect?: () => void | Promise<void>,
  ) {
    this.name = name;
    this.definition = metrics[name];
    this.labelNames = this.definition.labels;
    this.onOverflow = onOverflow;
    this.metric = register(name, this.definition, registry, collect);
  }

  value(labels: LabelValues): ValueEntry {
    const key = this.keyOf(labels);
    return this.entries.get(key) ?? this.addValue(labels, key);
  }

  histogram(labels: LabelValues): HistogramSeries {
    const key = this.keyOf(labels);
    return this.histograms.get(key) ?? this.addHistogram(labels, key);
  }

  private keyOf(labels: LabelValues): string {
    let key = '';
    for (const name of this.labelNames) key += `${labels[name]}\n`;
    let surplus = -this.labelNames.length;
    for (const _ in labels) surplus += 1;
    return surplus === 0 ? key : `${key}\n${surplus}`;
  }

  private addValue(labels: LabelValues, key: string): ValueEntry {
    const checked = this.check(labels);
    const checkedKey = this.keyOf(checked);
    let entry = this.entries.get(checkedKey);
    if (entry === undefined) {
      if (this.metric instanceof Histogram) throw new TypeError(`${this.name} is a histogram`);
      this.metric.inc(checked, 0);
      entry = lastEntry<ValueEntry>(this.metric);
      this.entries.set(checkedKey, entry);
    }
    if (checkedKey === key) this.entries.set(key, entry);
    return entry;
  }

  private addHistogram(labels: LabelValues, key: string): HistogramSeries {
    const checked = this.check(labels);
    const checkedKey = this.keyOf(checked);
    let series = this.histograms.get(checkedKey);
    if (series === undefined) {
      if (!(this.metric instanceof Histogram)) throw new TypeError(`${this.name} is not a histogram`);
      this.metric.zero(checked);
      series = histogramSeries(
        this.name,
        this.definition.buckets ?? [],
        lastEntry<HistogramEntry>(this.metric),
      );
      this.histograms.set(checkedKey, series);
    }
    if (checkedKey === key) this.histograms.set(key, series);
    return series;
  }

  /** The labels to record under: those given, an open set's surplus replaced. Throws SL1443, SL1444. */
  private check(labels: LabelValues): Record<string, string> {
    const unknown = Object.keys(labels).filter((name) => !this.labelNames.includes(name));
    const missing = this.labelNames.filter((name) => typeof labels[name] !== 'string');
    if (unknown.length > 0 || missing.length > 0) {
      throw new SightlineError('SL1444', {
        what: `${this.name} was given the labels {${Object.keys(labels).join(', ')}}`,
        where: `metric ${this.name}`,
        fix: `give a string for each of {${this.labelNames.join(', ')}} and nothing else`,
      });
    }
    const checked: Record<string, string> = {};
    for (const name of this.labelNames) checked[name] = this.checkValue(name, labels[name] ?? '');
    return checked;
  }

  private checkValue(label: string, value: string): string {
    const declared = labelDefinitions[label];
    if (declared === undefined) return value;
    if (declared.values !== undefined) {
      if (declared.values.includes(value)) return value;
      throw new SightlineError('SL1443', {
        what: `${label}="${value.slice(0, 80)}" is not a value of the label`,
        where: `metric ${this.name}, telemetry/contract/labels.ts`,
        fix: `use one of ${declared.values.join(', ')}, or declare the value there`,
      });
    }
    const seen = this.openValues.get(label) ?? new Set<string>();
    this.openValues.set(label, seen);
    if (seen.has(value)) return value;
    if (seen.size >= declared.maxValues) {
      if (!seen.has(overflowValue)) this.onOverflow(this.name, label, declared.maxValues);
      seen.add(overflowValue);
      return overflowValue;
    }
    seen.add(value);
    return value;
  }
}

function register(
  name: MetricName,
  definition: MetricDefinition<string, string>,
  registry: Registry<OpenMetricsContentType>,
  collect: (() => void | Promise<void>) | undefined,
): Counter | Gauge | Histogram {
  const common = {
    name,
    help: definition.help,
    labelNames: [...definition.labels],
    registers: [registry],
    ...(collect === undefined ? {} : { collect }),
  };
  if (definition.type === 'counter') return new Counter(common);
  if (definition.type === 'gauge') return new Gauge(common);
  return new Histogram({ ...common, buckets: [...(definition.buckets ?? [])], enableExemplars: true });
}

/** prom-client's entry of the label set that was added last. Its shape is pinned by series.test.ts. */
function lastEntry<E>(metric: object): E {
  const { hashMap } = metric as { readonly hashMap: Readonly<Record<string, E>> };
  const entry = Object.values(hashMap).at(-1);
  if (entry === undefined) throw new TypeError('prom-client keeps its entries elsewhere');
  return entry;
}

function histogramSeries(
  name: MetricName,
  bounds: readonly number[],
  entry: HistogramEntry,
): HistogramSeries {
  // As text: a fractional number as a key is turned into text at each use.
  const keys = bounds.map(String);
  return {
    observe(value, given) {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw badValue(name, value);
      let key = '-1';
      for (let index = 0; index < bounds.length; index += 1) {
        if (value <= (bounds[index] ?? 0)) {
          key = keys[index] ?? key;
          break;
        }
      }
      if (key !== '-1') entry.bucketValues[key] = (entry.bucketValues[key] ?? 0) + 1;
      entry.sum += value;
      entry.count += 1;
      const span = given === undefined ? activeSpan.getStore() : given;
      if (span?.sampled) keepExemplar(entry.bucketExemplars, key, span, value);
    },
  };
}

/** A scrape reads the last one of each bucket; the objects of those between would only be garbage. */
function keepExemplar(
  exemplars: Record<string, Exemplar>,
  key: string,
  { traceId, spanId }: ActiveSpan,
  value: number,
): void {
  const timestamp = Date.now() / 1000;
  const last = exemplars[key];
  // prom-client starts some buckets with null.
  if (!last) {
    exemplars[key] = { labelSet: { trace_id: traceId, span_id: spanId }, value, timestamp };
    return;
  }
  last.labelSet.trace_id = traceId;
  last.labelSet.span_id = spanId;
  last.value = value;
  last.timestamp = timestamp;
}

export function badValue(name: MetricName, value: number): SightlineError {
  return new SightlineError('SL1446', {
    what: `${name} was given ${value}`,
    where: `metric ${name}`,
    fix: 'record a finite number; counters and histograms take none below 0',
  });
}
