import type { MetricLabel } from './labels.ts';
import { canaryMetrics } from './metrics-canary.ts';
import { eventMetrics } from './metrics-events.ts';
import { httpMetrics } from './metrics-http.ts';
import { pipelineMetrics } from './metrics-pipeline.ts';
import { runtimeMetrics } from './metrics-runtime.ts';
import { domainMetrics } from './metrics-services.ts';
import type { EmitterName } from './pipeline.ts';
import type { MetricDefinition } from './types.ts';

/** Every metric that our services emit. Nothing else can be registered, queried or drawn. */
export const metrics = {
  ...httpMetrics,
  ...runtimeMetrics,
  ...eventMetrics,
  ...domainMetrics,
  ...pipelineMetrics,
  ...canaryMetrics,
} as const satisfies Record<string, MetricDefinition<MetricLabel, EmitterName>>;

type Metrics = typeof metrics;
export type MetricName = keyof Metrics;

export type LabelsOf<N extends MetricName> = Metrics[N]['labels'][number];
