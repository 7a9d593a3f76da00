import { SpanStatusCode } from '@opentelemetry/api';
import type { Request, RequestHandler, Response } from 'express';
import { type ActiveSpan, activeSpan } from './active-span.ts';
import { FinishedRequest } from './finished-request.ts';
import type { Health } from './health.ts';
import type { HttpServerMetrics } from './http-metrics.ts';
import type { Tracing } from './tracing.ts';

/** nginx's status for a client that went away before it had its answer. */
const clientClosedRequest = 499;

/**
 * Request id, trace context, metrics, span and log line of every request. First in the chain, so that
 * nothing is answered without it.
 */
export function requestMiddleware(tracing: Tracing, http: HttpServerMetrics, health: Health): RequestHandler {
  return function instrumentRequest(req, res, next) {
    const startedAt = performance.now();
    const method = http.begin(req.method);
    const span = tracing.receive(
      {
        requestId: single(req.headers['x-request-id']),
        traceparent: single(req.headers.traceparent),
        tracestate: single(req.headers.tracestate),
      },
      req.method,
      'server',
      {},
    );
    res.setHeader('X-Request-ID', span.request.id);
    if (health.stopping) res.setHeader('Connection', 'close');
    res.on('close', () => finish(http, span, method, startedAt, req, res));
    activeSpan.run(span, next);
  };
}

function finish(
  http: HttpServerMetrics,
  span: ActiveSpan,
  method: number,
  startedAt: number,
  req: Request,
  res: Response,
): void {
  const endedAt = performance.now();
  const status = res.writableFinished || res.locals.failed === true ? res.statusCode : clientClosedRequest;
  http.end(method);
  const kind = http.kind(method, routeOf(req), status);
  const finished = new FinishedRequest(kind, span, endedAt, endedAt - startedAt);
  if (kind.writer.enabled) kind.writer.defer(finished);
  else finished.observe();
  const { recorded } = span;
  if (recorded === undefined) return;
  recorded.updateName(kind.spanName);
  recorded.setAttributes({
    'http.request.method': req.method,
    'http.route': kind.route,
    'http.response.status_code': status,
  });
  if (status >= 500) recorded.setStatus({ code: SpanStatusCode.ERROR });
  recorded.end();
}

/** The template under which the router found its handler; undefined where there was none. */
function routeOf(req: Request): string | undefined {
  const path: unknown = req.route?.path;
  if (typeof path !== 'string') return undefined;
  return req.baseUrl === '' ? path : `${req.baseUrl}${path === '/' ? '' : path}`;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? undefined : header;
}
