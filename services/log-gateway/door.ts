import type { ErrorRequestHandler } from 'express';
import { HttpProblem } from '../../telemetry/instrument/problem.ts';
import type { ProcessContext } from '../pipeline/frame.ts';
import { guards } from './keys/authentication.ts';
import { KeyRing } from './keys/key-ring.ts';
import { tokenCheck } from './keys/tokens.ts';
import { limitStores } from './shared/limit-store.ts';
import { openSharedRedis } from './shared/redis.ts';

/** Who is let in, and how often. @param name of the limits that are counted together with those of other processes */
export function doorOf({ config, instrumentation }: ProcessContext<'log-gateway'>, name = 'gateway') {
  const ring = new KeyRing(config.keys.file);
  const redis = openSharedRedis(config.redis, instrumentation.logger('redis'));
  const stores = limitStores(redis);
  const guard = guards({
    ring,
    tokens: tokenCheck(config.keys),
    limits: config.limits,
    instrumentation,
    countOf: (limit) => stores(`${name}:${limit}`),
  });
  return { ring, redis, guard };
}

/** Says in the header what the problem says about when to come back. */
export const tellRetryAfter: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (
    error instanceof HttpProblem &&
    typeof error.members.retry_after === 'number' &&
    !response.headersSent
  ) {
    response.set('Retry-After', String(error.members.retry_after));
  }
  next(error);
};
