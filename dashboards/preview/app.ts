import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { type ErrorCode, SightlineError } from '../../telemetry/errors.ts';
import type { Logger } from '../../telemetry/instrument/logger.ts';
import { echartsFile, loadAssets, loadPage } from './assets.ts';
import type { PreviewSettings } from './environment.ts';
import type { DashboardModel } from './page/model.ts';
import { renderSvg } from './render-svg.ts';
import { generated, readFrom } from './repository.ts';
import { ask, askDirectly } from './upstream.ts';

/** The preview as an Express application: the page, the dashboards, and a proxy for read queries. */
export async function createApp(settings: PreviewSettings, log: Pick<Logger, 'error'>): Promise<Express> {
  const [page, assets] = await Promise.all([loadPage(), loadAssets()]);
  const load = settings.dashboardsDir ? readFrom(settings.dashboardsDir) : generated;
  const one = async (uid: string): Promise<DashboardModel> => {
    const dashboard = (await load()).get(uid);
    if (dashboard) return dashboard;
    throw new SightlineError('SL1613', {
      what: `there is no dashboard “${uid}”`,
      where: settings.dashboardsDir ?? 'the generated dashboards',
      fix: 'choose one of the list at /',
    });
  };

  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders);
  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/api/dashboards', async (_request, response) => {
    const dashboards = [...(await load()).values()].map(({ uid, title, description, ...rest }) => ({
      uid,
      title,
      description,
      tags: 'tags' in rest ? rest.tags : [],
    }));
    response.json({ dashboards, grafanaUrl: settings.grafanaUrl });
  });
  app.get('/api/dashboards/:uid', async (request, response) => {
    response.json(await one(request.params.uid));
  });
  app.get('/proxy/:source/{*path}', async (request, response) => {
    const source = request.params.source === 'loki' ? 'loki' : 'prometheus';
    const { pathname, searchParams } = new URL(request.originalUrl, 'http://preview');
    const path = pathname.slice(`/proxy/${request.params.source}`.length);
    const answer = await ask(settings, source, path, searchParams);
    response.status(answer.status).type(answer.contentType).send(answer.body);
  });
  app.get('/render/:uid/:panel', async (request, response) => {
    const panelId = Number(/^(\d{1,10})\.svg$/.exec(request.params.panel)?.[1] ?? Number.NaN);
    const parameters = new URL(request.originalUrl, 'http://preview').searchParams;
    const svg = await renderSvg(
      { dashboard: await one(request.params.uid), panelId, parameters },
      askDirectly(settings),
    );
    response.type('image/svg+xml').send(svg);
  });
  app.get('/assets/:name', (request, response, next) => {
    const asset = assets.get(request.params.name);
    if (asset) response.type(asset.contentType).send(asset.body);
    else next();
  });
  app.get('/vendor/echarts.js', (_request, response) => {
    response.type('text/javascript').sendFile(echartsFile(), { maxAge: '1h' });
  });
  app.get(['/', '/explore', '/d/:uid', '/d/:uid/:slug'], (_request, response) => {
    response.set('content-security-policy', page.contentSecurityPolicy).type('html').send(page.html);
  });
  app.use((_request, response) => {
    response.status(404).json({ error: 'There is nothing here; the dashboards are listed at /' });
  });
  app.use(errorHandler(log));
  return app;
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-cache',
  });
  next();
};

const statusOf: Readonly<Partial<Record<ErrorCode, number>>> = {
  SL1613: 404,
  SL1614: 403,
  SL1615: 502,
  SL1616: 413,
};

const errorHandler =
  (log: Pick<Logger, 'error'>): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const known = error instanceof SightlineError ? error : undefined;
    if (!known) log.error('Request failed', { error });
    response
      .status(known ? (statusOf[known.code] ?? 500) : 500)
      .json({ error: known?.message ?? 'The preview failed; its own log has the reason' });
  };
