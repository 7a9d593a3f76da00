import { httpRoutes, routesOf } from './routes.ts';
import type { LabelDefinition } from './types.ts';

export const topics = ['task-events', 'task-updates', 'reminders'] as const;
export type Topic = (typeof topics)[number];

/** Labels that our own metrics carry. Names follow OpenTelemetry's attributes with dots as underscores. */
export const metricLabels = {
  http_request_method: {
    description: 'HTTP method; anything unusual is _OTHER, as OpenTelemetry says',
    values: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', '_OTHER'],
    maxValues: 8,
  },
  http_route: {
    description: 'Route template',
    values: httpRoutes,
    byService: routesOf,
    maxValues: Math.max(...Object.values(routesOf).map(({ length }) => length)),
  },
  http_response_status_code: {
    description: 'Response status code, 100 to 599; 499 where the client went away before its answer',
    maxValues: 20,
  },
  level: {
    description: 'Log level',
    values: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'],
    maxValues: 5,
  },
  check: {
    description: 'What a health check looks at',
    values: ['process', 'database', 'event_bus', 'queue', 'keys', 'loki', 'prometheus', 'ingestor'],
    maxValues: 8,
  },
  topic: { description: 'Topic of the event bus', values: topics, maxValues: topics.length },
  outcome: {
    description: 'How it ended',
    values: ['success', 'failure', 'retry', 'dead_letter'],
    maxValues: 4,
  },
  operation: {
    description: 'What was done to a task',
    values: ['create', 'read', 'list', 'update', 'complete', 'delete'],
    maxValues: 6,
  },
  db_operation_name: {
    description: 'Kind of SQL statement',
    values: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'OTHER'],
    maxValues: 5,
  },
  direction: { description: 'Seen from the server', values: ['sent', 'received'], maxValues: 2 },
  reason: {
    description: 'Why a WebSocket connection ended',
    values: ['client_closed', 'server_shutdown', 'dropped', 'slow_client', 'error'],
    maxValues: 5,
  },
  intake: {
    description: 'Form in which log entries came in',
    values: ['json', 'ndjson', 'loki', 'otlp', 'kafka'],
    maxValues: 5,
  },
  refusal: {
    description: 'Why a log entry was not taken',
    values: ['invalid', 'queue_full', 'queue_failed', 'rejected'],
    maxValues: 4,
  },
  key_refusal: {
    description: 'Why an API key or token was refused',
    values: ['missing', 'unknown', 'expired', 'revoked', 'scope', 'organization'],
    maxValues: 6,
  },
  tag: { description: 'Tag of log entries that may become a label of their stream', maxValues: 20 },
  organization: { description: 'Organization that sent log entries', maxValues: 100 },
  emitter: { description: 'Service that sent log entries', maxValues: 100 },
  cache_result: { description: 'What the cache had', values: ['hit', 'miss'], maxValues: 2 },
  canary_verdict: {
    description:
      'What was seen of a line of the canary; late is one that was found after it was called missing',
    values: ['acknowledged', 'refused', 'found', 'missing', 'late', 'duplicate', 'out_of_order'],
    maxValues: 7,
  },
  version: { description: 'Version of the service', maxValues: 2 },
} as const satisfies Record<string, LabelDefinition>;

/** Labels that relabelling puts on every series and log stream, the same in each target. */
export const targetLabels = {
  cluster: { description: 'Cluster; `local` on a laptop', maxValues: 20 },
  environment: {
    description: 'Environment',
    values: ['local', 'docker', 'dev', 'staging', 'prod'],
    maxValues: 5,
  },
  namespace: { description: 'Kubernetes namespace', maxValues: 200 },
  service: { description: 'The contract’s name of the service, or of the stack’s component', maxValues: 500 },
  pod: { description: 'Pod', maxValues: 10_000 },
  container: { description: 'Container', maxValues: 1000 },
  instance: { description: 'Address that was scraped', maxValues: 10_000 },
  job: { description: 'Scrape job', maxValues: 100 },
} as const satisfies Record<string, LabelDefinition>;

export type MetricLabel = keyof typeof metricLabels;
export type TargetLabel = keyof typeof targetLabels;

/** What may stand in a label: its closed set, or any string where the set is open. */
export type LabelValue<L extends string> = L extends 'service'
  ? string
  : L extends MetricLabel
    ? (typeof metricLabels)[L] extends { readonly values: readonly (infer V)[] }
      ? V
      : string
    : L extends TargetLabel
      ? (typeof targetLabels)[L] extends { readonly values: readonly (infer V)[] }
        ? V
        : string
      : string;
