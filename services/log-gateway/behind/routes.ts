import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';
import type { Guard } from '../keys/authentication.ts';
import { callerIn, organizationOf } from '../keys/authentication.ts';
import { proxyTo } from './proxy.ts';

/** What is routed, and to which of the services behind. */
export const behindPaths = {
  '/api/v1/alerts{/*rest}': 'alertHistory',
  '/api/v1/trends{/*rest}': 'alertHistory',
  '/api/v1/dead-letters{/*rest}': 'ingestor',
} as const satisfies Readonly<Record<string, keyof PipelineConfig['behind']>>;

const absence = { status: 502, detail: 'The service behind the gateway does not answer' } as const;

/** The APIs of the services behind the gateway: with its key, its limits, and its request id. */
export function behindRoutes(
  behind: PipelineConfig['behind'],
  guard: Guard,
  { trace }: Pick<Instrumentation<'log-gateway'>, 'trace'>,
): Router {
  const router = Router();
  for (const [path, service] of Object.entries(behindPaths)) {
    const url = behind[service];
    if (url === undefined) continue;
    const passing = passedOn(url, trace);
    // HEAD comes here too. Whoever may read changes nothing by it.
    router.get(path, ...guard('read'), ...passing);
    router.all(path, ...guard('admin'), ...passing);
  }
  return router;
}

function passedOn(target: string, trace: Instrumentation<'log-gateway'>['trace']): readonly RequestHandler[] {
  /** The key stays here: who is behind learns whose it is, and which organization it may see, or `*`. */
  const dressed: RequestHandler = (request, response, next) => {
    const caller = callerIn(response);
    const organization = askedFor(request, response);
    delete request.headers.authorization;
    delete request.headers['x-api-key'];
    request.headers['x-caller'] = caller.id;
    request.headers['x-organizations'] = organization;
    request.headers['x-scope-orgid'] = organization;
    for (const [name, value] of Object.entries(trace.inject())) request.headers[name.toLowerCase()] = value;
    next();
  };
  return [dressed, proxyTo(target, absence)];
}

/** The one that was checked; all where the key is for all and the request names none. */
function askedFor(request: Request, response: Response): string {
  const named = request.get('x-scope-orgid');
  return named === undefined && callerIn(response).organizations.includes('*')
    ? '*'
    : organizationOf(request, response);
}
