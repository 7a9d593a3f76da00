import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { expose } from './exposition.ts';
import type { Health } from './health.ts';
import type { RoutedRequest } from './http-middleware.ts';
import type { Logger } from './logger.ts';
import type { MetricStore } from './metrics.ts';

type Answer = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** Answers a request where it asks for /metrics, /health or /ready. @returns whether it did */
export type AnswerOperational = (req: RoutedRequest, res: ServerResponse) => boolean;

/**
 * GET /metrics, /health and /ready. /health answers 200 as long as the process can answer, with what fails in
 * its body: restarting a service does not mend its database. /ready answers 503 while a check fails or the
 * service is stopping. Needs nothing of Express, so that it can answer before Express does.
 */
export function operationalAnswers(
  store: MetricStore,
  health: Health,
  log: Logger,
  about: { readonly service: string; readonly version: string },
): AnswerOperational {
  const answers = new Map<string, Answer>([
    ['/metrics', metrics],
    ['/health', live],
    ['/ready', ready],
  ]);

  async function metrics(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { contentType, body } = await expose(store.registry, req.headers.accept);
    send(req, res, 200, contentType, body);
  }

  async function live(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { healthy, checks } = await health.report();
    sendJson(req, res, 200, {
      status: healthy ? 'ok' : 'degraded',
      ...about,
      uptime_seconds: Math.round(process.uptime()),
      checks,
    });
  }

  async function ready(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { healthy, checks } = await health.report();
    const isReady = healthy && !health.stopping;
    const status = health.stopping ? 'stopping' : isReady ? 'ready' : 'not ready';
    sendJson(req, res, isReady ? 200 : 503, { status, checks });
  }

  // One look-up by path: a router with three routes would cost every other request three matches.
  return function answerOperational(req, res) {
    const path = pathOf(req.url ?? '');
    const answer = answers.get(path);
    if (answer === undefined || (req.method !== 'GET' && req.method !== 'HEAD')) return false;
    req.route = { path };
    answer(req, res).catch((error: unknown) => {
      log.error('An operational endpoint failed', { http_route: path, error });
      if (res.headersSent) res.destroy();
      else sendJson(req, res, 500, { status: 'error' });
    });
    return true;
  };
}

/** The same for an Express app, mounted at its root. */
export function operationalHandler(answerOperational: AnswerOperational): RequestHandler {
  return (req, res, next) => {
    if (!answerOperational(req, res)) next();
  };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function sendJson(req: IncomingMessage, res: ServerResponse, status: number, body: unknown): void {
  send(req, res, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

function send(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  contentType: string,
  body: string,
): void {
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  res.end(req.method === 'HEAD' ? undefined : body);
}
