import cors from 'cors';
import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { HttpProblem } from '../../telemetry/instrument/problem.ts';
import type { PipelineConfig } from '../pipeline/config/schema.ts';
import type { ProcessContext, ProcessParts } from '../pipeline/frame.ts';
import { hasSearchIndex } from '../pipeline/search-index/index-file.ts';
import { docsRoutes } from './api/docs-routes.ts';
import { type Dependency, healthRoutes } from './api/health-routes.ts';
import { openapiDocument } from './api/openapi.ts';
import { operations } from './api/operations.ts';
import { otherMethods } from './api/other-methods.ts';
import { behindRoutes } from './behind/routes.ts';
import { BodyReader } from './intake/body.ts';
import { intakeRoutes } from './intake/routes.ts';
import { Intake } from './intake/take.ts';
import { guards } from './keys/authentication.ts';
import { KeyRing } from './keys/key-ring.ts';
import { tokenCheck } from './keys/tokens.ts';
import { PrometheusClient } from './metrics/prometheus-client.ts';
import { metricsRoutes } from './metrics/routes.ts';
import { openQueue } from './open-queue.ts';
import { LokiClient } from './search/loki-client.ts';
import { searchRoutes, tailPath } from './search/routes.ts';
import { Search } from './search/search.ts';
import { SearchCache } from './search/search-cache.ts';
import { StoredLines } from './search/stored-lines.ts';
import { Tails } from './search/tail.ts';
import { limitStores } from './shared/limit-store.ts';
import { openSharedRedis } from './shared/redis.ts';

/** The single entry point of the log pipeline, with the writing end of the queue within. */
export async function buildLogGateway(context: ProcessContext<'log-gateway'>): Promise<ProcessParts> {
  const { config, instrumentation } = context;
  const { limits } = config;
  const queue = await openQueue(context);
  const ring = new KeyRing(config.keys.file);
  const trace = () => instrumentation.trace.inject();
  const loki = new LokiClient({ ...config.loki, trace });
  const prometheus = new PrometheusClient({ ...config.prometheus, trace });
  const probeQueue = () => {
    const { refusal } = queue.state();
    if (refusal !== undefined) throw refusal;
  };
  // Logs are taken while Loki or Prometheus are away: only these two make the gateway not ready.
  instrumentation.health.register('queue', probeQueue);
  instrumentation.health.register('keys', () => ring.probe());
  const redis = openSharedRedis(config.redis, instrumentation.logger('redis'));
  const guard = guards({
    ring,
    tokens: tokenCheck(config.keys),
    limits,
    instrumentation,
    countOf: limitStores(redis),
  });
  const stored = new StoredLines(loki, hasSearchIndex(config) ? config.queue.directory : undefined);
  const tails = new Tails({ lokiUrl: config.loki.url, most: limits.tails });
  const routes = Router();
  routes.use(sharing(config.cors));
  routes.use(
    intakeRoutes({
      intake: new Intake({ queue, limits, instrumentation }),
      bodies: new BodyReader(limits),
      guard,
      decompressedBytes: limits.decompressedBytes,
    }),
  );
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
      { name: 'queue', probe: probeQueue },
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
  routes.use(behindRoutes(config.behind, guard, instrumentation));
  routes.use(retryAfter);
  return {
    routes,
    webSocketPaths: [tailPath],
    quiesce: () => tails.stop(),
    close: () => {
      redis?.close();
      return queue.close();
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

function ingestorOf({ ingestor, behind }: PipelineConfig): readonly Dependency[] {
  if (ingestor.port === 0 && behind.ingestor === undefined) return [];
  const url = behind.ingestor ?? `http://${ingestor.host}:${ingestor.port}`;
  const probe = async () => {
    const { ok } = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(1500) });
    if (!ok) throw new Error('the ingestor is not ready');
  };
  return [{ name: 'ingestor', probe }];
}

/** Says in the header what the problem says about when to come back. */
const retryAfter: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (
    error instanceof HttpProblem &&
    typeof error.members.retry_after === 'number' &&
    !response.headersSent
  ) {
    response.set('Retry-After', String(error.members.retry_after));
  }
  next(error);
};
