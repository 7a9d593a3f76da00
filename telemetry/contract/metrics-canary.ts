import { eventSeconds } from './buckets.ts';
import type { MetricLabel } from './labels.ts';
import type { PipelineServiceName } from './pipeline.ts';
import type { MetricDefinition } from './types.ts';

/** What became of the lines that the canary sends through the log pipeline all the time. */
export const canaryMetrics = {
  log_canary_lines_total: {
    type: 'counter',
    unit: 'lines',
    help: 'Lines of the canary by what was seen of them; an acknowledged one is in time found or missing',
    labels: ['canary_verdict'],
    services: ['log-canary'],
  },
  log_canary_delay_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from the 202 for a line of the canary to its being found by a search',
    labels: [],
    buckets: eventSeconds,
    services: ['log-canary'],
  },
  log_canary_waiting_lines: {
    type: 'gauge',
    unit: 'lines',
    help: 'Acknowledged lines of the canary that no search has found yet',
    labels: [],
    services: ['log-canary'],
  },
  log_canary_oldest_waiting_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the oldest of the lines that are not found yet has waited; 0 when none waits',
    labels: [],
    services: ['log-canary'],
  },
} as const satisfies Record<string, MetricDefinition<MetricLabel, PipelineServiceName>>;
