import type { Request, RequestHandler, Response } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';
import { organizationPattern } from '../intake/entry-schema.ts';
import { type Caller, mayUse } from './caller.ts';
import type { Scope } from './key-record.ts';
import type { KeyRefusal, KeyRing } from './key-ring.ts';
import type { TokenCheck } from './tokens.ts';

export interface AuthenticationOptions {
  readonly ring: KeyRing;
  readonly tokens: TokenCheck | undefined;
  readonly limits: Pick<PipelineConfig['limits'], 'requestsPerMinute' | 'refusedTriesPerMinute'>;
  readonly instrumentation: Instrumentation<'log-gateway'>;
  /** Where requests are counted, by what they are counted for. */
  readonly countOf: (name: string) => Store;
}

const minuteMs = 60_000;

/** What every route behind a key begins with. */
export type Guard = (scope: Scope) => readonly RequestHandler[];

/** Lets in who holds a valid key or token with the scope, and no more often than the limit says. */
export function guards(options: AuthenticationOptions): Guard {
  const { ring, tokens, limits, instrumentation, countOf } = options;
  const refused = instrumentation.metrics.counter('log_gateway_keys_refused_total');
  const tooMany: RequestHandler = () => {
    throw new HttpProblem(429, 'Too many requests; slow down');
  };

  // Asked after a refusal alone: however many requests with good keys an address has under way, they are not tries.
  const refusedTries = rateLimit({
    windowMs: minuteMs,
    limit: limits.refusedTriesPerMinute,
    store: countOf('refused-tries'),
    standardHeaders: false,
    legacyHeaders: false,
    handler: tooMany,
  });

  const authenticate: RequestHandler = async (request, response, next) => {
    const credential = credentialOf(request);
    const caller = await callerOf(credential);
    if (typeof caller === 'string') {
      refused.inc({ key_refusal: caller });
      return refusedTries(request, response, (tooManyTries) => {
        response.set('WWW-Authenticate', 'Bearer realm="log-gateway"');
        // Whether a key is unknown, expired or revoked is nothing that its finder needs to know.
        next(tooManyTries ?? new HttpProblem(401, 'Send a valid API key as a bearer token or in X-API-Key'));
      });
    }
    response.locals.caller = caller;
    response.locals.callerNow = () => callerOf(credential);
    instrumentation.setUser(caller.id);
    next();
  };

  async function callerOf(credential: string | undefined): Promise<Caller | KeyRefusal> {
    if (credential === undefined) return 'missing';
    if (tokens !== undefined && credential.split('.').length === 3) return tokens(credential);
    return ring.callerOf(credential);
  }

  const perKey = rateLimit({
    windowMs: minuteMs,
    limit: limits.requestsPerMinute,
    store: countOf('requests'),
    keyGenerator: (_request, response) => callerIn(response).id,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: tooMany,
  });

  const scoped =
    (scope: Scope): RequestHandler =>
    (_request, response, next) => {
      if (!hasScope(callerIn(response), scope)) {
        refused.inc({ key_refusal: 'scope' });
        throw new HttpProblem(403, `The key lacks the scope ${scope}`);
      }
      next();
    };
  return (scope) => [authenticate, perKey, scoped(scope)];
}

/** Bearer, X-API-Key, or the password of Basic, which is what Loki's clients send. */
function credentialOf(request: Request): string | undefined {
  const given = request.get('x-api-key');
  if (given !== undefined) return given;
  const [, scheme = '', text = ''] =
    /^(Bearer|Basic) ([A-Za-z0-9._~+/-]{1,8192}=*)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return text;
  if (scheme === '') return undefined;
  const pair = Buffer.from(text, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

/** Who asks; only behind a guard. */
export function callerIn(response: Response): Caller {
  return response.locals.caller as Caller;
}

/** Whether the key of a request that takes long is still good for it; only behind a guard. */
export async function mayStill(response: Response, scope: Scope, organization: string): Promise<boolean> {
  const callerNow = response.locals.callerNow as () => Promise<Caller | KeyRefusal>;
  const caller = await callerNow();
  return typeof caller !== 'string' && hasScope(caller, scope) && mayUse(caller, organization);
}

const hasScope = ({ scopes }: Caller, scope: Scope): boolean =>
  scopes.includes(scope) || scopes.includes('admin');

/** The one organization of a key that has no other; undefined where it must be said. */
export function onlyOrganization({ organizations }: Caller): string | undefined {
  const [only] = organizations;
  return organizations.length === 1 && only !== '*' ? only : undefined;
}

/**
 * The organization of a request: of its parameter, of Loki's header, or the key's only one.
 * @throws HttpProblem 400 where it is not said, 403 where it is not the key's
 */
export function organizationOf(request: Request, response: Response, asked?: string): string {
  const caller = callerIn(response);
  const named = asked ?? request.get('x-scope-orgid') ?? onlyOrganization(caller);
  if (named === undefined) {
    throw new HttpProblem(400, 'Say which organization, because the key has several');
  }
  if (!organizationPattern.test(named) || !mayUse(caller, named)) {
    throw new HttpProblem(403, 'The organization is not one of the key’s');
  }
  return named;
}
