import express, { type RequestHandler, Router } from 'express';
import type { Kysely } from 'kysely';
import type { Instrumentation } from '../../telemetry/instrument/instrumentation.ts';
import { HttpProblem } from '../../telemetry/instrument/problem.ts';
import type { Faults } from '../kit/faults/injector.ts';
import { requestLimit } from '../kit/rate-limit.ts';
import { type Tokens, userTokenSeconds } from '../kit/tokens.ts';
import { parseInput } from '../kit/validation.ts';
import type { Tables } from './schema.ts';
import { login } from './task-input.ts';
import { passwordMatches } from './users.ts';

export interface LoginOptions {
  readonly database: Kysely<Tables>;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly instrumentation: Instrumentation<'backend-api'>;
  readonly guard: readonly RequestHandler[];
}

/** Each attempt costs a key derivation of some 50 ms and 16 MiB, so few are taken from one address in ten seconds. */
const attemptsPerWindow = 60;

/** `POST /login`: a name and a password for a bearer token. */
export function loginRoute(options: LoginOptions): Router {
  const { database, tokens, faults, instrumentation, guard } = options;
  const attempts = instrumentation.metrics.counter('auth_attempts_total');
  const refused = instrumentation.line('login_refused');
  const log = instrumentation.logger('auth');
  const router = Router();
  router.post(
    '/login',
    ...guard,
    requestLimit(attemptsPerWindow),
    express.json({ limit: '4kb' }),
    async (request, response) => {
      const { username, password } = parseInput(login, request.body);
      const accepted =
        (await passwordMatches(database, username, password)) && !faults.strikes('auth-failures');
      attempts.inc({ outcome: accepted ? 'success' : 'failure' });
      if (!accepted) {
        refused({ user_id: username, reason: 'unknown user or wrong password' });
        throw new HttpProblem(401, 'Unknown user or wrong password');
      }
      instrumentation.setUser(username);
      log.info('logged in');
      response.json({ token: await tokens.forUser(username), expires_in: userTokenSeconds });
    },
  );
  return router;
}
