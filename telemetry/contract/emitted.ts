import { httpRoutes, metricLabels } from './labels.ts';
import { metrics } from './metrics.ts';
import { httpMetrics } from './metrics-http.ts';
import { pipelineMetrics } from './metrics-pipeline.ts';
import { runtimeMetrics } from './metrics-runtime.ts';
import { type EmitterName, pipelineRoutes, pipelineServiceNames } from './pipeline.ts';
import { serviceNames } from './services.ts';

/** Every metric that something of ours can register: what `metrics` declares, and the log pipeline's own. */
export const emittedMetrics = { ...metrics, ...pipelineMetrics } as const;

export type EmittedName = keyof typeof emittedMetrics;

export type EmittedLabelsOf<N extends EmittedName> = (typeof emittedMetrics)[N]['labels'][number];

/** The closed sets of labels as whole as they can be in any process of ours. */
export const emittedLabels = {
  ...metricLabels,
  http_route: { ...metricLabels.http_route, values: [...httpRoutes, ...pipelineRoutes] },
} as const;

/** Metrics of every process, whatever it does: the pipeline's processes emit them as the services do. */
const common: ReadonlySet<string> = new Set(
  Object.entries({ ...httpMetrics, ...runtimeMetrics })
    .filter(([, { services }]) => services.length === serviceNames.length)
    .map(([name]) => name),
);

/** Who may emit a metric; nobody what is not declared. */
export function emittersOf(name: EmittedName): readonly EmitterName[] {
  if (!Object.hasOwn(emittedMetrics, name)) return [];
  const { services } = emittedMetrics[name];
  return common.has(name) ? [...serviceNames, ...pipelineServiceNames] : services;
}
