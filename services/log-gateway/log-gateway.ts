import type { ErrorRequestHandler } from 'express';
import { Router } from 'express';
import { HttpProblem } from '../../telemetry/instrument/problem.ts';
import type { ProcessContext, ProcessParts } from '../pipeline/frame.ts';
import { openEmbeddedQueue } from '../pipeline/queue/embedded/embedded-queue.ts';
import { BodyReader } from './intake/body.ts';
import { intakeRoutes } from './intake/routes.ts';
import { Intake } from './intake/take.ts';
import { guards } from './keys/authentication.ts';
import { KeyRing } from './keys/key-ring.ts';
import { tokenCheck } from './keys/tokens.ts';
import { LokiClient } from './search/loki-client.ts';
import { searchRoutes } from './search/routes.ts';
import { Search } from './search/search.ts';
import { Tails } from './search/tail.ts';

/** The single entry point of the log pipeline, with the embedded queue within. */
export async function buildLogGateway(context: ProcessContext<'log-gateway'>): Promise<ProcessParts> {
  const { config, instrumentation } = context;
  const { limits } = config;
  const queue = await openEmbeddedQueue(config.queue);
  instrumentation.health.register('queue', () => {
    const { refusal } = queue.state();
    if (refusal !== undefined) throw refusal;
  });
  const ring = new KeyRing(config.keys.file);
  instrumentation.health.register('keys', () => ring.probe());
  const guard = guards({
    ring,
    tokens: tokenCheck(config.keys),
    requestsPerMinute: limits.requestsPerMinute,
    instrumentation,
  });
  const intake = new Intake({ queue, limits, instrumentation });
  const loki = new LokiClient({ ...config.loki, trace: () => instrumentation.trace.inject() });
  const tails = new Tails({ lokiUrl: config.loki.url, most: limits.tails });
  const routes = Router();
  routes.use(searchRoutes({ search: new Search(loki, instrumentation), tails, guard, limits }));
  routes.use(
    intakeRoutes({
      intake,
      bodies: new BodyReader(limits),
      guard,
      decompressedBytes: limits.decompressedBytes,
    }),
  );
  routes.use(retryAfter);
  return { routes, quiesce: () => tails.stop(), close: () => queue.close() };
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
