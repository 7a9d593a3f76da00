import type { EmitterName } from './pipeline.ts';

/** What machines ask of every service: probes and scrapes, which say nothing about what users get. */
export const polledRoutes = ['/health', '/ready', '/metrics'] as const;

/** Of every process; a path that matches no template is counted as `unmatched`. */
const everywhere = [...polledRoutes, 'unmatched'] as const;

/** Where Dapr brings events. */
const ofSubscribers = ['/dapr/subscribe', '/events/:topic'] as const;

/** Route templates that each process serves: the only values that `http_route` has in it. */
export const routesOf = {
  'backend-api': [
    ...everywhere,
    ...ofSubscribers,
    '/login',
    '/tasks',
    '/tasks/:id',
    '/tasks/:id/complete',
    '/updates',
  ],
  'recurring-task': [...everywhere, ...ofSubscribers, '/occurrences'],
  notification: [...everywhere, ...ofSubscribers, '/reminders'],
  sync: [...everywhere, ...ofSubscribers, '/status'],
  audit: [...everywhere, ...ofSubscribers, '/entries'],
  'log-gateway': [
    ...everywhere,
    '/',
    '/api/v1/logs',
    '/api/logs',
    '/logs/ingest',
    '/logs/batch-ingest',
    '/loki/api/v1/push',
    '/v1/logs',
    '/api/v1/logs/search',
    '/logs/search',
    '/api/v1/logs/tail',
    '/api/v1/logs/patterns',
    '/logs/patterns',
    '/api/v1/metrics/query',
    '/api/v1/metrics/range',
    '/api/v1/health',
    '/openapi.json',
    '/docs',
    '/docs/:asset',
    '/api/v1/alerts{/*rest}',
    '/api/v1/trends{/*rest}',
    '/api/v1/dead-letters{/*rest}',
    '/redoc',
  ],
  'log-ingestor': everywhere,
  'log-canary': everywhere,
} as const satisfies Readonly<Record<EmitterName, readonly string[]>>;

type Route = (typeof routesOf)[EmitterName][number];

/** Every route template of ours. */
export const httpRoutes: readonly Route[] = [...new Set<Route>(Object.values(routesOf).flat())];
