import { randomBytes, randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { z } from 'zod';
import { runbookDirectory } from '../runbooks.ts';
import { board } from './board.ts';
import type { DeadmanSwitch } from './deadman-switch.ts';
import { inboxMetrics } from './metrics.ts';
import { fromAlertmanager, fromTeams } from './other-kinds.ts';
import { page } from './page.ts';
import { incidentsOf, parsePagerDutyEvent } from './pagerduty.ts';
import { runbookIndex, runbookPage } from './runbook-page.ts';
import { isChannel, parseSlackMessage } from './slack.ts';
import { type InboxStore, keptRows } from './store.ts';

/** PagerDuty's own limit; Slack's is smaller. */
const mostBytes = '512kb';

const messageQuery = z.object({
  channel: z.string().refine(isChannel).optional(),
  limit: z.coerce.number().int().min(1).max(keptRows).default(100),
});

/** What Alertmanager's webhook sends, as far as a heartbeat needs it. */
const alertmanagerWebhook = z.looseObject({
  version: z.literal('4'),
  alerts: z.array(z.unknown()).max(10_000),
});

interface InboxParts {
  readonly store: InboxStore;
  readonly deadman: DeadmanSwitch;
  readonly runbooks?: string;
}

export function createInbox({ store, deadman, runbooks = runbookDirectory }: InboxParts): Express {
  const app = express().disable('x-powered-by');
  app.use(express.json({ limit: mostBytes }));
  addReceivers(app, store, deadman);
  addApi(app, store, deadman);
  addPages(app, { store, deadman, runbooks });
  app.use(unreadableBody);
  return app;
}

function addReceivers(app: Express, store: InboxStore, deadman: DeadmanSwitch): void {
  app.post('/slack/:channel', ({ params: { channel }, body }, res) => {
    const message = isChannel(channel) ? parseSlackMessage(body) : 'channel_not_found';
    if (typeof message === 'string')
      return void res
        .status(message === 'channel_not_found' ? 404 : 400)
        .type('text')
        .send(message);
    store.addMessage(channel, message);
    res.type('text').send('ok');
  });

  for (const [kind, read] of [
    ['webhook', fromAlertmanager],
    ['msteams', fromTeams],
  ] as const)
    app.post(`/${kind}/:channel`, ({ params: { channel }, body }, res) => {
      const message = isChannel(channel) ? read(body) : undefined;
      if (!message)
        return void res
          .status(400)
          .json({ error: `not what Alertmanager sends to a ${kind}, or no channel` });
      store.addMessage(channel, message);
      res.status(204).end();
    });

  app.post('/v2/enqueue', ({ body }, res) => {
    const parsed = parsePagerDutyEvent(body);
    if ('errors' in parsed)
      return void res
        .status(400)
        .json({ status: 'invalid event', message: 'Event object is invalid', errors: parsed.errors });
    const dedupKey = parsed.event.dedup_key || randomUUID().replaceAll('-', '');
    store.addEvent(dedupKey, parsed.event);
    res.status(202).json({ status: 'success', message: 'Event processed', dedup_key: dedupKey });
  });

  app.post('/heartbeat', ({ body }, res) => {
    if (!alertmanagerWebhook.safeParse(body).success)
      return void res.status(400).json({ error: 'not a webhook of Alertmanager, version 4' });
    deadman.beat();
    res.status(204).end();
  });
}

function addApi(app: Express, store: InboxStore, deadman: DeadmanSwitch): void {
  const registry = inboxMetrics(store, deadman);
  app.get('/metrics', async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics());
  });
  app.get('/health', (_req, res) => void res.json({ status: 'ok' }));
  app.get('/api/messages', ({ query }, res) => {
    const parsed = messageQuery.safeParse(query);
    if (!parsed.success)
      return void res
        .status(400)
        .json({ error: `channel is a Slack channel’s name, limit 1 to ${keptRows}` });
    res.json({ messages: store.messages(parsed.data.limit, parsed.data.channel) });
  });
  app.delete('/api/messages', (_req, res) => {
    store.clear();
    res.status(204).end();
  });
  app.get('/api/incidents', (_req, res) => void res.json({ incidents: incidentsOf(store.events()) }));
  app.get('/api/heartbeat', (_req, res) => {
    res.json({ heartbeat: store.heartbeat() ?? null, deadman: deadman.status() });
  });
}

function addPages(app: Express, { store, deadman, runbooks }: Required<InboxParts>): void {
  const currentBoard = () =>
    board({
      messages: store.messages(200),
      incidents: incidentsOf(store.events()).slice(0, 50),
      heartbeat: store.heartbeat(),
      deadman: deadman.status(),
      now: Date.now(),
    });
  app.use((_req, res, next) => {
    const nonce = randomBytes(16).toString('base64');
    res.locals.nonce = nonce;
    res.set({
      'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    next();
  });
  app.get('/', (_req, res) => {
    res
      .type('html')
      .send(page({ title: 'Inbox', body: currentBoard(), nonce: res.locals.nonce, live: true }));
  });
  app.get('/board', (_req, res) => void res.type('html').send(currentBoard().toString()));
  app.get('/runbooks', async (_req, res) => {
    const body = await runbookIndex(runbooks);
    res.type('html').send(page({ title: 'Runbooks', body, nonce: res.locals.nonce, live: false }));
  });
  app.get('/runbooks/:id', async ({ params: { id } }, res) => {
    const body = await runbookPage(id, runbooks);
    if (!body) return void res.status(404).type('text').send('There is no such runbook.');
    res.type('html').send(page({ title: id, body, nonce: res.locals.nonce, live: false }));
  });
}

/** JSON that cannot be parsed or is too long, in each protocol's own words. */
const unreadableBody: ErrorRequestHandler = (error: { readonly status?: number }, { path }, res, next) => {
  if (res.headersSent || !error.status || error.status >= 500) return next(error);
  const status = error.status === 413 ? 413 : 400;
  if (path.startsWith('/slack/')) res.status(status).type('text').send('invalid_payload');
  else
    res
      .status(status)
      .json({ status: 'invalid event', message: 'Invalid JSON', errors: ['unreadable body'] });
};
