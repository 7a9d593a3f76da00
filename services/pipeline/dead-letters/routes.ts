import { type Request, Router } from 'express';
import { z } from 'zod';
import { SightlineError } from '../../../telemetry/errors.ts';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { DeadLetters, Selection } from './dead-letters.ts';

const path = '/api/v1/dead-letters';
const limitSchema = z.coerce.number().int().min(1).max(1000).default(100);

/**
 * The dead letters over HTTP, behind the gateway, which checks the key and says in `X-Organizations` whose letters it may
 * see: one organization's, or `*` for all.
 */
export function deadLetterRoutes(letters: DeadLetters): Router {
  const router = Router();
  router.get(path, (request, response) => {
    const limit = limitSchema.safeParse(request.query.limit);
    if (!limit.success) throw new HttpProblem(400, 'limit must be a whole number from 1 to 1000');
    response.json({ dead_letters: letters.list(limit.data, allOf(request)) });
  });
  router.get(`${path}/:id`, (request, response) => {
    const [letter] = letters.list(1, oneOf(request));
    if (letter === undefined) throw notThere();
    response.json(letter);
  });
  // The ingestor brings them to Loki after the answer.
  router.post(`${path}/replay`, (request, response) => {
    response.status(202).json({ count: letters.replay(allOf(request)) });
  });
  router.post(`${path}/:id/replay`, (request, response) => {
    response.status(202).json({ count: found(() => letters.replay(oneOf(request))) });
  });
  router.delete(path, (request, response) => {
    response.json({ count: letters.purge(allOf(request)) });
  });
  router.delete(`${path}/:id`, (request, response) => {
    response.json({ count: found(() => letters.purge(oneOf(request))) });
  });
  return router;
}

const notThere = (): HttpProblem => new HttpProblem(404, 'There is no such dead letter');

function found(change: () => number): number {
  try {
    return change();
  } catch (error) {
    throw error instanceof SightlineError && error.code === 'SL1721' ? notThere() : error;
  }
}

/** Without the gateway's word nobody sees anything. */
function allOf(request: Request): Selection {
  const organization = request.get('x-organizations');
  if (organization === undefined)
    throw new HttpProblem(403, 'Dead letters are asked for through log-gateway');
  return organization === '*' ? {} : { organization };
}

const oneOf = (request: Request<{ id: string }>): Selection => ({ ...allOf(request), id: request.params.id });
