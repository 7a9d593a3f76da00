import { series } from '../query/query.ts';
import { type Matcher, matches, notMatches, oneOf } from '../query/series.ts';
import type { LabelValue } from './labels.ts';
import type { LabelsOf, MetricName, metrics } from './metrics.ts';
import { type EmitterName, expectedNames } from './pipeline.ts';
import { polledRoutes } from './routes.ts';

type Metrics = typeof metrics;
type Selector = ReturnType<typeof series>;

type HistogramName = {
  [N in MetricName]: Metrics[N]['type'] extends 'histogram' ? N : never;
}[MetricName];

/** A scrape that is answered and finds every health check passing is good. */
interface HealthIndicator {
  readonly kind: 'health';
}

/** What grows by one at each event, and what grows at a bad one. The service is selected by the builder. */
interface RatioIndicator {
  readonly kind: 'ratio';
  readonly total: Selector;
  readonly bad: Selector;
}

/** An event within `threshold` seconds is good. The threshold is a bucket bound, or nothing can count those under it. */
type LatencyIndicator = {
  [N in HistogramName]: {
    readonly kind: 'latency';
    readonly histogram: N;
    readonly threshold: Metrics[N]['buckets'][number];
    readonly where?: { readonly [L in LabelsOf<N>]?: LabelValue<L> | Matcher };
  };
}[HistogramName];

export type Indicator = HealthIndicator | RatioIndicator | LatencyIndicator;

/** A promise about one service. The period that it is kept over is the environment's: `slo.window`. */
export interface SloDefinition {
  /** `<service>-<what>`; alerts are named after it. */
  readonly id: string;
  readonly service: EmitterName;
  /** The promise in words, without its figures. */
  readonly description: string;
  /** Share of good events, 0 < objective < 1. */
  readonly objective: number;
  readonly indicator: Indicator;
}

/** Probes and scrapes always succeed, and would dilute what users see. */
const askedByUsers = { http_route: notMatches(polledRoutes.join('|')) } as const;

const availability = expectedNames.map(
  (service): SloDefinition => ({
    id: `${service}-availability`,
    service,
    description: 'The service answers, and its health checks pass',
    objective: 0.999,
    indicator: { kind: 'health' },
  }),
);

/** The ingestor is asked by machines alone. */
const serving = expectedNames.filter((service) => service !== 'log-ingestor');

const requestErrors = serving.map(
  (service): SloDefinition => ({
    id: `${service}-request-errors`,
    service,
    description: 'Requests are answered without a server error',
    objective: 0.999,
    indicator: {
      kind: 'ratio',
      total: series('http_server_request_duration_seconds_count', askedByUsers),
      bad: series('http_server_request_duration_seconds_count', {
        ...askedByUsers,
        http_response_status_code: matches('5..'),
      }),
    },
  }),
);

export const slos: readonly SloDefinition[] = [
  ...availability,
  ...requestErrors,
  {
    id: 'backend-api-task-latency',
    service: 'backend-api',
    description: 'Requests of the task API are answered within half a second',
    objective: 0.95,
    indicator: {
      kind: 'latency',
      histogram: 'http_server_request_duration_seconds',
      threshold: 0.5,
      where: { http_route: oneOf(['/tasks', '/tasks/:id', '/tasks/:id/complete']) },
    },
  },
  {
    id: 'sync-event-latency',
    service: 'sync',
    description: 'A change of a task is handed over to the connected clients within five seconds',
    objective: 0.99,
    indicator: { kind: 'latency', histogram: 'sync_event_latency_seconds', threshold: 5 },
  },
  {
    id: 'log-gateway-ingest-latency',
    service: 'log-gateway',
    description: 'Log entries are durable within a tenth of a second of the whole request',
    objective: 0.95,
    indicator: { kind: 'latency', histogram: 'log_event_processing_time_seconds', threshold: 0.1 },
  },
  {
    id: 'log-gateway-search-latency',
    service: 'log-gateway',
    description: 'Searches of logs are answered within half a second',
    objective: 0.95,
    indicator: { kind: 'latency', histogram: 'log_search_duration_seconds', threshold: 0.5 },
  },
];
