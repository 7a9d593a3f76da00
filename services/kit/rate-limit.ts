import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { HttpProblem } from '../../telemetry/instrument/problem.ts';

/** Refuses with 429 what a caller's address sends beyond `limit` requests in ten seconds. */
export function requestLimit(limit: number): RequestHandler {
  return rateLimit({
    windowMs: 10_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => next(new HttpProblem(429, 'Too many requests; slow down')),
  });
}
