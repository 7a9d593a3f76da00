import type { IncomingMessage } from 'node:http';
import { type RequestHandler, Router } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';
import type { Guard } from '../keys/authentication.ts';
import { callerIn } from '../keys/authentication.ts';
import type { Scope } from '../keys/key-record.ts';

interface Behind {
  readonly path: string;
  readonly url: string | undefined;
  readonly scope: Scope;
}

const timeoutMs = 30_000;

/** The APIs of the services behind the gateway: with its key, its limits, and its request id. */
export function behindRoutes(
  { alertHistory, ingestor }: PipelineConfig['behind'],
  guard: Guard,
  { trace }: Pick<Instrumentation<'log-gateway'>, 'trace'>,
): Router {
  const router = Router();
  const all: readonly Behind[] = [
    { path: '/api/v1/alerts{/*rest}', url: alertHistory, scope: 'read' },
    { path: '/api/v1/trends{/*rest}', url: alertHistory, scope: 'read' },
    { path: '/api/v1/dead-letters{/*rest}', url: ingestor, scope: 'admin' },
  ];
  for (const { path, url, scope } of all) {
    if (url !== undefined) router.all(path, ...guard(scope), ...passedOn(url, trace));
  }
  return router;
}

function passedOn(target: string, trace: Instrumentation<'log-gateway'>['trace']): readonly RequestHandler[] {
  const proxy = createProxyMiddleware<IncomingMessage>({
    target,
    changeOrigin: true,
    timeout: timeoutMs,
    proxyTimeout: timeoutMs,
    on: {
      proxyRes: (answer) => {
        // The gateway's own, which is the same, is there already.
        delete answer.headers['x-request-id'];
      },
      error: (_error, _request, response) => {
        if (!('setHeader' in response) || response.headersSent) {
          response.destroy();
          return;
        }
        response.statusCode = 502;
        response.setHeader('Content-Type', 'application/problem+json');
        response.end(
          JSON.stringify({
            type: 'about:blank',
            title: 'Bad Gateway',
            status: 502,
            detail: 'The service behind the gateway does not answer',
            request_id: response.getHeader('X-Request-ID'),
          }),
        );
      },
    },
  });
  /** The key stays here: who is behind learns whose it is, and not the key. */
  const dressed: RequestHandler = (request, response, next) => {
    const caller = callerIn(response);
    delete request.headers.authorization;
    delete request.headers['x-api-key'];
    request.headers['x-caller'] = caller.id;
    request.headers['x-organizations'] = caller.organizations.join(',');
    for (const [name, value] of Object.entries(trace.inject())) request.headers[name.toLowerCase()] = value;
    next();
  };
  return [dressed, proxy];
}
