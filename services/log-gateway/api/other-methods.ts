import { Router } from 'express';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { Operation } from './operations.ts';

/** Answers 405 where there is such a path, and not by this method. Behind the routes themselves. */
export function otherMethods(operations: readonly Operation[]): Router {
  const router = Router();
  for (const path of new Set(operations.map((one) => one.path))) {
    const methods = operations.filter((one) => one.path === path).map(({ method }) => method.toUpperCase());
    const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    router.all(path, (_request, response) => {
      response.set('Allow', allowed);
      throw new HttpProblem(405, `This takes ${allowed}`);
    });
  }
  return router;
}
