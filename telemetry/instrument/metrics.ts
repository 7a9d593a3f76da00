import { type OpenMetricsContentType, Registry } from 'prom-client';
import { metricLabels } from '../contract/labels.ts';
import { type MetricName, metrics } from '../contract/metrics.ts';
import type { EmitterName } from '../contract/pipeline.ts';
import type { LabelDefinition, MetricDefinition } from '../contract/types.ts';
import { SightlineError } from '../errors.ts';
import { kitMetrics, type ServiceMetrics } from './metric-types.ts';
import { badValue, type OnOverflow, SeriesSet } from './series.ts';

type LabelValues = Readonly<Record<string, string>>;
const noLabels: LabelValues = {};
/** Closed label sets up to this many series start at 0, so that rate() sees the first increment. */
const maxSeriesAtZero = 40;

export interface MetricStore {
  readonly service: EmitterName;
  readonly registry: Registry<OpenMetricsContentType>;
  /** Label sets of a metric; created at the first use. @throws SL1445 where the service does not emit it */
  series(name: MetricName, collect?: () => void | Promise<void>): SeriesSet;
}

/** All metrics of one service, in a registry of its own. Only what the contract declares can be in it. */
export function createMetricStore(service: EmitterName, onOverflow: OnOverflow): MetricStore {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const sets = new Map<MetricName, SeriesSet>();
  return {
    service,
    registry,
    series(name, collect) {
      const known = sets.get(name);
      if (known !== undefined) return known;
      refuseForeign(service, name);
      const created = new SeriesSet(name, registry, onOverflow, collect);
      sets.set(name, created);
      return created;
    },
  };
}

/** Nobody where the name is not declared. */
const emittersOf = (name: MetricName): readonly EmitterName[] =>
  Object.hasOwn(metrics, name) ? metrics[name].services : [];

function refuseForeign(service: EmitterName, name: MetricName): void {
  const emitters = emittersOf(name);
  if (emitters.includes(service)) return;
  throw new SightlineError('SL1445', {
    what: `${service} asked for the metric ${String(name)}`,
    where: 'telemetry/contract/metrics-*.ts',
    fix:
      emitters.length === 0
        ? 'declare the metric there'
        : `add ${service} to the metric's services, now ${emitters.join(', ')}`,
  });
}

/** Creates every metric that the service itself records, closed counters at 0 and gauges without labels at 0. */
export function createServiceMetrics<S extends EmitterName>(
  service: S,
  store: MetricStore,
): ServiceMetrics<S> {
  const own = (Object.keys(metrics) as MetricName[]).filter(
    (name) => !isKitMetric(name) && emittersOf(name).includes(service),
  );
  for (const name of own) startAtZero(name, store.series(name));
  return {
    counter: (name) => {
      const set = recordable(name, store);
      return { inc: (...args: readonly unknown[]) => add(set, args, 1, 0) };
    },
    gauge: (name) => {
      const set = recordable(name, store);
      return {
        set: (...args: readonly unknown[]) => {
          const [labels, value] = split(args);
          set.value(labels).value = finite(set.name, value ?? Number.NaN);
        },
        inc: (...args: readonly unknown[]) => add(set, args, 1, Number.NEGATIVE_INFINITY),
        dec: (...args: readonly unknown[]) => add(set, args, -1, Number.NEGATIVE_INFINITY),
      };
    },
    histogram: (name) => {
      const set = recordable(name, store);
      return {
        observe: (...args: readonly unknown[]) => {
          const [labels, value] = split(args);
          set.histogram(labels).observe(value ?? Number.NaN);
        },
      };
    },
  };
}

function isKitMetric(name: MetricName): boolean {
  return (kitMetrics as readonly MetricName[]).includes(name);
}

function recordable(name: MetricName, store: MetricStore): SeriesSet {
  if (!isKitMetric(name)) return store.series(name);
  throw new SightlineError('SL1445', {
    what: `a service asked for ${name}, which the kit records`,
    where: 'telemetry/instrument/metric-types.ts',
    fix: 'leave it to the kit; recorded twice, it would be wrong',
  });
}

function add(set: SeriesSet, args: readonly unknown[], sign: 1 | -1, least: number): void {
  const [labels, given] = split(args);
  const by = finite(set.name, given ?? 1);
  if (by < least) throw badValue(set.name, by);
  set.value(labels).value += sign * by;
}

/** `(labels, value)`, `(labels)`, `(value)` or nothing. */
function split(args: readonly unknown[]): readonly [labels: LabelValues, value: number | undefined] {
  const [first, second] = args;
  if (typeof first === 'object' && first !== null)
    return [first as LabelValues, second as number | undefined];
  return [noLabels, first as number | undefined];
}

function finite(name: MetricName, value: number): number {
  if (Number.isFinite(value)) return value;
  throw badValue(name, value);
}

function startAtZero(name: MetricName, set: SeriesSet): void {
  const definition: MetricDefinition<keyof typeof metricLabels, EmitterName> = metrics[name];
  if (definition.type !== 'counter') return;
  let combinations: Record<string, string>[] = [{}];
  for (const label of definition.labels) {
    const { values }: LabelDefinition = metricLabels[label];
    if (values === undefined) return;
    combinations = combinations.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value })));
  }
  if (combinations.length > maxSeriesAtZero) return;
  for (const labels of combinations) set.value(labels);
}
