import type { Request, RequestHandler, Response } from 'express';
import { expose } from './exposition.ts';
import type { Health } from './health.ts';
import type { MetricStore } from './metrics.ts';

/**
 * GET /metrics, /health and /ready. /health answers 200 as long as the process can answer, with what fails in
 * its body: restarting a service does not mend its database. /ready answers 503 while a check fails or the
 * service is stopping.
 */
export function operationalHandler(
  store: MetricStore,
  health: Health,
  about: { readonly service: string; readonly version: string },
): RequestHandler {
  const answers = new Map<string, (req: Request, res: Response) => Promise<void>>([
    ['/metrics', metrics],
    ['/health', live],
    ['/ready', ready],
  ]);

  async function metrics(req: Request, res: Response): Promise<void> {
    const { contentType, body } = await expose(store.registry, req.headers.accept);
    // Not res.send: Express would add a charset of its own and hash the body for an ETag.
    res.setHeader('Content-Type', contentType);
    res.end(req.method === 'HEAD' ? undefined : body);
  }

  async function live(_req: Request, res: Response): Promise<void> {
    const { healthy, checks } = await health.report();
    res.json({
      status: healthy ? 'ok' : 'degraded',
      ...about,
      uptime_seconds: Math.round(process.uptime()),
      checks,
    });
  }

  async function ready(_req: Request, res: Response): Promise<void> {
    const { healthy, checks } = await health.report();
    const isReady = healthy && !health.stopping;
    res
      .status(isReady ? 200 : 503)
      .json({ status: health.stopping ? 'stopping' : isReady ? 'ready' : 'not ready', checks });
  }

  // One look-up by path: a router with three routes would cost every other request three matches.
  return function answerOperational(req, res, next) {
    const answer = answers.get(req.path);
    if (answer === undefined || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    req.route = { path: req.path };
    return answer(req, res);
  };
}
