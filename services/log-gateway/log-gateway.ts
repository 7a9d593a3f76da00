import cors from 'cors';
import { type RequestHandler, Router } from 'express';
import type { PipelineConfig } from '../pipeline/config/schema.ts';
import type { ProcessContext, ProcessParts } from '../pipeline/frame.ts';
import { hasSearchIndex } from '../pipeline/search-index/index-file.ts';
import { docsRoutes } from './api/docs-routes.ts';
import { type Dependency, healthRoutes } from './api/health-routes.ts';
import { openapiDocument } from './api/openapi.ts';
import { operations } from './api/operations.ts';
import { otherMethods } from './api/other-methods.ts';
import { behindRoutes } from './behind/routes.ts';
import { doorOf, tellRetryAfter } from './door.ts';
import { PrometheusClient } from './metrics/prometheus-client.ts';
import { metricsRoutes } from './metrics/routes.ts';
import { ownProducing, producingApart } from './producer/producing.ts';
import { LokiClient } from './search/loki-client.ts';
import { searchRoutes, tailPath } from './search/routes.ts';
import { Search } from './search/search.ts';
import { SearchCache } from './search/search-cache.ts';
import { StoredLines } from './search/stored-lines.ts';
import { Tails } from './search/tail.ts';

/** The single entry point of the log pipeline, with the writing end of the queue within. */
export async function buildLogGateway(context: ProcessContext<'log-gateway'>): Promise<ProcessParts> {
  const { config, instrumentation } = context;
  const { limits } = config;
  const trace = () => instrumentation.trace.inject();
  const loki = new LokiClient({ ...config.loki, trace });
  const prometheus = new PrometheusClient({ ...config.prometheus, trace });
  const { ring, redis, guard } = doorOf(context);
  const { url } = config.producer;
  const producing =
    url === undefined ? await ownProducing(context, guard) : producingApart(url, context, guard);
  // Logs are taken while Loki or Prometheus are away: only these two make the gateway not ready.
  instrumentation.health.register('queue', () => producing.probe());
  instrumentation.health.register('keys', () => ring.probe());
  const stored = new StoredLines(loki, hasSearchIndex(config) ? config.queue.directory : undefined);
  const tails = new Tails({ ...config.loki, lokiUrl: config.loki.url, most: limits.tails });
  const routes = Router();
  routes.use(sharing(config.cors));
  routes.use(producing.routes);
  routes.use(
    searchRoutes({
      search: new Search(stored, new SearchCache(redis), instrumentation),
      tails,
      guard,
      limits,
    }),
  );
  routes.use(metricsRoutes(prometheus, guard));
  routes.use(
    healthRoutes([
      { name: 'queue', probe: () => producing.probe() },
      { name: 'keys', probe: () => ring.probe() },
      { name: 'loki', probe: () => loki.probe() },
      { name: 'prometheus', probe: () => prometheus.probe() },
      ...(redis === undefined ? [] : [{ name: 'redis', probe: () => redis.probe() }]),
      ...ingestorOf(config),
    ]),
  );
  const documented = operations(limits);
  routes.use(docsRoutes(openapiDocument(documented)));
  routes.use(otherMethods(documented));
  routes.use(behindRoutes({ ...config.behind, ingestor: ingestorUrl(config) }, guard, instrumentation));
  routes.use(tellRetryAfter);
  return {
    routes,
    webSocketPaths: [tailPath],
    quiesce: () => tails.stop(),
    close: () => {
      redis?.close();
      return producing.close();
    },
  };
}

/** Which pages of other origins may call, by the configuration; none unless it says so. */
function sharing({ origins }: PipelineConfig['cors']): RequestHandler {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['X-Request-ID', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    maxAge: 600,
  });
}

/** On this host unless it is said; none where its port is not known before it listens. */
function ingestorUrl({ ingestor, behind }: PipelineConfig): string | undefined {
  const here = ingestor.port === 0 ? undefined : `http://${ingestor.host}:${ingestor.port}`;
  return behind.ingestor ?? here;
}

function ingestorOf(config: PipelineConfig): readonly Dependency[] {
  const url = ingestorUrl(config);
  if (url === undefined) return [];
  const probe = async () => {
    const { ok } = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(1500) });
    if (!ok) throw new Error('the ingestor is not ready');
  };
  return [{ name: 'ingestor', probe }];
}
