import type { MetricLabel } from './labels.ts';
import { eventMetrics } from './metrics-events.ts';
import { httpMetrics } from './metrics-http.ts';
import { runtimeMetrics } from './metrics-runtime.ts';
import { domainMetrics } from './metrics-services.ts';
import type { ServiceName } from './services.ts';
import type { MetricDefinition } from './types.ts';

/** Every metric that our services emit. Nothing else can be registered, queried or drawn. */
export const metrics = {
  ...httpMetrics,
  ...runtimeMetrics,
  ...eventMetrics,
  ...domainMetrics,
} as const satisfies Record<string, MetricDefinition<MetricLabel, ServiceName>>;

type Metrics = typeof metrics;
export type MetricName = keyof Metrics;

export type LabelsOf<N extends MetricName> = Metrics[N]['labels'][number];
