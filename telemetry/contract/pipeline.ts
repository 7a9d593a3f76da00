import type { ServiceName } from './services.ts';

/** The processes of the log pipeline: for what is sent over HTTP or Kafka, beside Promtail. */
export const pipelineServices = {
  'log-gateway': { port: 8080, description: 'Takes logs over HTTP, searches them, and answers for metrics' },
  'log-ingestor': {
    port: 8082,
    description: 'Brings queued logs to Loki, and what is refused to the dead letters',
  },
} as const;

export type PipelineServiceName = keyof typeof pipelineServices;

export const pipelineServiceNames = Object.keys(pipelineServices) as readonly PipelineServiceName[];

/** Whoever emits metrics by the contract. */
export type EmitterName = ServiceName | PipelineServiceName;

/** Route templates of the pipeline's processes, beside those that every process has. */
export const pipelineRoutes = [
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
] as const;
