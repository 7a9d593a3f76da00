import type { LabelValue } from '../contract/labels.ts';
import type { LabelsOf, MetricName, metrics } from '../contract/metrics.ts';
import type { EmitterName } from '../contract/pipeline.ts';

type Metrics = typeof metrics;

/** Metrics that the kit records itself; a service that did it too would count twice. */
export const kitMetrics = [
  'http_server_request_duration_seconds',
  'http_server_active_requests',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_used_bytes',
  'service_build_info',
  'health_check_status',
  'log_lines_total',
] as const satisfies readonly MetricName[];

type KitMetric = (typeof kitMetrics)[number];

/**
 * Metrics of one type that every service in S emits by the contract. For a union of services (shared code)
 * those that all of them emit.
 */
export type ServiceMetricName<S extends EmitterName, T extends Metrics[MetricName]['type']> = {
  [N in MetricName]: Metrics[N]['type'] extends T
    ? [S] extends [Metrics[N]['services'][number]]
      ? N extends KitMetric
        ? never
        : N
      : never
    : never;
}[MetricName];

/** One value for each label of the metric. */
export type MetricLabels<N extends MetricName> = { readonly [L in LabelsOf<N>]: LabelValue<L> };

/** Labels come first; a metric without them takes none. */
type WithLabels<N extends MetricName, Rest extends readonly unknown[]> = [LabelsOf<N>] extends [never]
  ? Rest
  : readonly [labels: MetricLabels<N>, ...rest: Rest];

export interface Counter<N extends MetricName> {
  /** @param by 0 or more, 1 unless given. @throws SL1442 to SL1446 for what the contract does not allow */
  inc(...args: WithLabels<N, readonly [by?: number]>): void;
}

interface Gauge<N extends MetricName> {
  set(...args: WithLabels<N, readonly [value: number]>): void;
  inc(...args: WithLabels<N, readonly [by?: number]>): void;
  dec(...args: WithLabels<N, readonly [by?: number]>): void;
}

interface Histogram<N extends MetricName> {
  /** @param value in the metric's unit, 0 or more */
  observe(...args: WithLabels<N, readonly [value: number]>): void;
}

/** What a service may record. Names are those the contract lets it emit, less what the kit records itself. */
export interface ServiceMetrics<S extends EmitterName> {
  counter<N extends ServiceMetricName<S, 'counter'>>(name: N): Counter<N>;
  gauge<N extends ServiceMetricName<S, 'gauge'>>(name: N): Gauge<N>;
  histogram<N extends ServiceMetricName<S, 'histogram'>>(name: N): Histogram<N>;
}
