import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { type ErrorCode, SightlineError } from '../../telemetry/errors.ts';
import type { Logger } from '../../telemetry/instrument/logger.ts';
import { loadAssets, loadPage, vendored } from './assets.ts';
import type { DashboardSource } from './dashboard-source.ts';
import type { PreviewSettings } from './environment.ts';
import type { Events } from './events.ts';
import { grafanaProbe } from './grafana.ts';
import type { DashboardModel, PreviewConfig } from './page/model.ts';
import { isSource } from './read-queries.ts';
import { renderSvg } from './render-svg.ts';
import { listQueries, queryUrl } from './saved-queries.ts';
import { ask, askDirectly } from './upstream.ts';

interface Parts {
  readonly settings: PreviewSettings;
  readonly source: DashboardSource;
  readonly events: Events;
  readonly log: Pick<Logger, 'error'>;
}

/** The preview as an Express application: the pages, the dashboards, and a proxy for read queries. */
export async function createApp({ settings, source, events, log }: Parts): Promise<Express> {
  const [page, assets] = await Promise.all([loadPage(), loadAssets()]);
  const { load } = source;
  const grafanaRuns = grafanaProbe(settings.grafanaUrl);
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
    response.json({ dashboards });
  });
  app.get('/api/config', async (_request, response) => {
    const grafanaUrl = (await grafanaRuns()) ? settings.grafanaUrl : undefined;
    const config: PreviewConfig = {
      ...(grafanaUrl !== undefined && { grafanaUrl }),
      ...(settings.traceUrl !== undefined && { traceUrl: settings.traceUrl }),
      alertmanagerUrl: settings.alertmanagerUrl,
    };
    response.json(config);
  });
  app.get('/api/events', events.handle);
  app.get('/api/queries', (_request, response) => {
    response.json(listQueries());
  });
  app.get('/api/queries/:id', (request, response) => {
    const { searchParams } = new URL(request.originalUrl, 'http://preview');
    response.json({ url: queryUrl(request.params.id, searchParams) });
  });
  app.get('/api/dashboards/:uid', async (request, response) => {
    response.json(await one(request.params.uid));
  });
  app.get('/proxy/:source/{*path}', async (request, response, next) => {
    const { source: asked } = request.params;
    if (!isSource(asked)) return next();
    const { pathname, searchParams } = new URL(request.originalUrl, 'http://preview');
    const path = pathname.slice(`/proxy/${asked}`.length);
    const answer = await ask(settings, asked, path, searchParams);
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
  app.get('/vendor/:name', (request, response, next) => {
    const file = vendored(request.params.name);
    if (file) response.type('text/javascript').sendFile(file, { maxAge: '1h' });
    else next();
  });
  app.get(['/', '/explore', '/alerts', '/queries/:id', '/d/:uid', '/d/:uid/:slug'], (_request, response) => {
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
  SL1632: 400,
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
