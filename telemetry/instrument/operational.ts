import { Router } from 'express';
import { expose } from './exposition.ts';
import type { Health } from './health.ts';
import type { MetricStore } from './metrics.ts';

/**
 * GET /metrics, /health and /ready. /health answers 200 as long as the process can answer, with what fails in
 * its body: restarting a service does not mend its database. /ready answers 503 while a check fails or the
 * service is stopping.
 */
export function operationalRouter(
  store: MetricStore,
  health: Health,
  about: { readonly service: string; readonly version: string },
): Router {
  const router = Router();
  router.get('/metrics', async (req, res) => {
    const { contentType, body } = await expose(store.registry, req.headers.accept);
    // Not res.send: Express would add a charset of its own and hash the body for an ETag.
    res.setHeader('Content-Type', contentType);
    res.end(body);
  });
  router.get('/health', async (_req, res) => {
    const { healthy, checks } = await health.report();
    res.json({
      status: healthy ? 'ok' : 'degraded',
      ...about,
      uptime_seconds: Math.round(process.uptime()),
      checks,
    });
  });
  router.get('/ready', async (_req, res) => {
    const { healthy, checks } = await health.report();
    const ready = healthy && !health.stopping;
    res
      .status(ready ? 200 : 503)
      .json({ status: health.stopping ? 'stopping' : ready ? 'ready' : 'not ready', checks });
  });
  return router;
}
