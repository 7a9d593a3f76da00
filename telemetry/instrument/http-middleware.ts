import type { IncomingMessage, ServerResponse } from 'node:http';
import { SpanStatusCode } from '@opentelemetry/api';
import { type ActiveSpan, activeSpan } from './active-span.ts';
import { FinishedRequest } from './finished-request.ts';
import type { Health } from './health.ts';
import type { HttpServerMetrics } from './http-metrics.ts';
import type { Tracing } from './tracing.ts';

/** nginx's status for a client that went away before it had its answer. */
const clientClosedRequest = 499;
/** Whoever took the connection over answered. */
const switchingProtocols = 101;

/** A request to which a router may have added what it found. */
export interface RoutedRequest extends IncomingMessage {
  route?: { readonly path: unknown };
  readonly baseUrl?: string;
}
interface AnsweredResponse extends ServerResponse {
  readonly locals?: { readonly failed?: boolean };
}

/** Handles the request by `next`, in the request's context. Fits into Express, and before it. */
export type InstrumentRequest = (req: RoutedRequest, res: AnsweredResponse, next: () => void) => void;

/**
 * Request id, trace context, metrics, span and log line of every request. Before all else, so that nothing is
 * answered without it.
 */
export function requestInstrumentation(
  tracing: Tracing,
  http: HttpServerMetrics,
  health: Health,
): InstrumentRequest {
  return function instrumentRequest(req, res, next) {
    const startedAt = performance.now();
    const name = req.method ?? 'GET';
    const method = http.begin(name);
    const span = tracing.receive(
      {
        requestId: single(req.headers['x-request-id']),
        traceparent: single(req.headers.traceparent),
        tracestate: single(req.headers.tracestate),
      },
      name,
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
  req: RoutedRequest,
  res: AnsweredResponse,
): void {
  const endedAt = performance.now();
  const wasAnswered =
    res.writableFinished || res.locals?.failed === true || res.statusCode === switchingProtocols;
  const status = wasAnswered ? res.statusCode : clientClosedRequest;
  http.end(method);
  const kind = http.kind(method, routeOf(req), status);
  const finished = new FinishedRequest(kind, span, endedAt, endedAt - startedAt);
  if (kind.writer.enabled) kind.writer.defer(finished);
  else finished.observe();
  const { recorded } = span;
  if (recorded === undefined) return;
  recorded.updateName(kind.spanName);
  recorded.setAttributes({
    'http.request.method': req.method ?? 'GET',
    'http.route': kind.route,
    'http.response.status_code': status,
  });
  if (status >= 500) recorded.setStatus({ code: SpanStatusCode.ERROR });
  recorded.end();
}

/** The template under which the router found its handler; undefined where there was none. */
function routeOf(req: RoutedRequest): string | undefined {
  const path: unknown = req.route?.path;
  if (typeof path !== 'string') return undefined;
  const { baseUrl = '' } = req;
  return baseUrl === '' ? path : `${baseUrl}${path === '/' ? '' : path}`;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? undefined : header;
}
