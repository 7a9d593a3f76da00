import type { RequestHandler, Response } from 'express';
import { HttpProblem } from '../../telemetry/instrument/problem.ts';
import type { Identity, Tokens } from '../kit/tokens.ts';

const bearer = /^Bearer ([A-Za-z0-9._~+/-]{1,4096}=*)$/;

export function bearerToken(header: string | undefined): string | undefined {
  return bearer.exec(header ?? '')?.[1];
}

/** Lets only holders of a valid token through, and notes who they are. */
export function authenticate(tokens: Tokens, setUser: (userId: string) => void): RequestHandler {
  return async (request, response, next) => {
    const token = bearerToken(request.headers.authorization);
    const identity = token === undefined ? undefined : await tokens.verify(token);
    if (identity === undefined) {
      response.set('WWW-Authenticate', 'Bearer');
      throw new HttpProblem(401, 'Send a valid bearer token from /login');
    }
    response.locals.identity = identity;
    setUser(actorName(identity));
    next();
  };
}

/** Who asks; only behind `authenticate`. */
export function identityOf(response: Response): Identity {
  return response.locals.identity as Identity;
}

/** How they appear in events and log lines. */
export function actorName(identity: Identity): string {
  return identity.kind === 'user' ? identity.name : `service:${identity.name}`;
}

/** The user whose tasks they may touch. @throws HttpProblem 403 for a service, which has none of its own */
export function userOf(response: Response): string {
  const identity = identityOf(response);
  if (identity.kind === 'user') return identity.name;
  throw new HttpProblem(403, 'A service may only create tasks for their owner');
}
