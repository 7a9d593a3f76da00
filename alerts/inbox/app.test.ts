import { describe, expect, it } from 'vitest';
import { keptRows } from './store.ts';
import { useTestInbox } from './testing.ts';

const inbox = useTestInbox();
const { post, json, text } = inbox;
const answer = async (response: Response): Promise<[number, string]> => [
  response.status,
  await response.text(),
];

const trigger = (dedup_key?: string) => ({
  routing_key: 'a-key-that-is-secret',
  event_action: 'trigger',
  ...(dedup_key && { dedup_key }),
  payload: { summary: 'backend-api is down', source: 'local', severity: 'critical' },
});

describe('Slack’s incoming webhooks', () => {
  it('take a message and answer ok', async () => {
    expect(await answer(await post('/slack/incidents', { text: 'hello', unknown: [1] }))).toEqual([
      200,
      'ok',
    ]);
    expect(await json('/api/messages?channel=incidents')).toMatchObject({
      messages: [{ channel: 'incidents', message: { text: 'hello', unknown: [1] } }],
    });
    expect(await json('/api/messages?channel=alerts')).toEqual({ messages: [] });
  });
  it.each([
    ['incidents', '{"text": ', 400, 'invalid_payload'],
    ['incidents', { text: 7 }, 400, 'invalid_payload'],
    ['incidents', {}, 400, 'no_text'],
    ['incidents', { attachments: Array.from({ length: 101 }, () => ({})) }, 400, 'too_many_attachments'],
    ['No%20Channel', { text: 'x' }, 404, 'channel_not_found'],
    ['incidents', { text: 'x'.repeat(600_000) }, 413, 'invalid_payload'],
  ])('refuse in Slack’s words (to %s)', async (channel, body, status, words) => {
    expect(await answer(await post(`/slack/${channel}`, body))).toEqual([status, words]);
    expect(await json('/api/messages')).toEqual({ messages: [] });
  });
  it('refuse what is not sent as JSON, which any web page could do', async () => {
    const response = await fetch(`${inbox.base()}/slack/incidents`, { method: 'POST', body: '{"text":"x"}' });
    expect(await answer(response)).toEqual([400, 'invalid_payload']);
  });
});

describe('PagerDuty’s events', () => {
  it('open an incident, join it, resolve it, and open another', async () => {
    const first = await post('/v2/enqueue', trigger('k1'));
    expect(first.status).toBe(202);
    expect(await first.json()).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'k1' });
    await post('/v2/enqueue', trigger('k1'));
    await post('/v2/enqueue', { routing_key: 'k', event_action: 'acknowledge', dedup_key: 'k1' });
    expect((await json('/api/incidents')).incidents).toMatchObject([
      { dedupKey: 'k1', state: 'acknowledged', summary: 'backend-api is down' },
    ]);
    await post('/v2/enqueue', { routing_key: 'k', event_action: 'resolve', dedup_key: 'k1' });
    await post('/v2/enqueue', trigger('k1'));
    const { incidents } = await json('/api/incidents');
    expect(incidents.map(({ state }: { state: string }) => state)).toEqual(['triggered', 'resolved']);
    expect(incidents[1].events.map(({ action }: { action: string }) => action)).toEqual([
      'trigger',
      'trigger',
      'acknowledge',
      'resolve',
    ]);
  });
  it('get a key when they bring none', async () => {
    const { dedup_key } = await (await post('/v2/enqueue', trigger())).json();
    expect(dedup_key).toMatch(/^[0-9a-f]{32}$/);
  });
  it('of unknown incidents are accepted and change nothing', async () => {
    const resolve = { routing_key: 'k', event_action: 'resolve', dedup_key: 'never-seen' };
    expect((await post('/v2/enqueue', resolve)).status).toBe(202);
    expect(await json('/api/incidents')).toEqual({ incidents: [] });
  });
  it.each([
    ['{', 'unreadable body'],
    [{ event_action: 'trigger' }, "'routing_key'"],
    [{ routing_key: 'k', event_action: 'explode' }, "'event_action'"],
    [{ routing_key: 'k', event_action: 'resolve' }, "'dedup_key'"],
    [{ ...trigger(), payload: { summary: 'x', source: 'y', severity: 'bad' } }, "'payload.severity'"],
  ])('are refused with the reasons: %j', async (body, words) => {
    const response = await post('/v2/enqueue', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      status: 'invalid event',
      errors: expect.arrayContaining([expect.stringContaining(words)]),
    });
  });
  it('are kept without the key of the integration', async () => {
    await post('/v2/enqueue', trigger('k1'));
    expect(JSON.stringify(inbox.store().events())).not.toContain('a-key-that-is-secret');
  });
});

describe('the inbox', () => {
  it('keeps what arrived across a restart, until it is told to forget', async () => {
    await post('/slack/alerts', { text: 'before' });
    await post('/v2/enqueue', trigger('k1'));
    await post('/heartbeat', { version: '4', alerts: [] });
    await inbox.restart();
    expect((await json('/api/messages')).messages).toHaveLength(1);
    expect((await json('/api/incidents')).incidents).toHaveLength(1);
    expect((await json('/api/heartbeat')).heartbeat).toMatchObject({ count: 1 });
    expect((await fetch(`${inbox.base()}/api/messages`, { method: 'DELETE' })).status).toBe(204);
    expect((await json('/api/messages')).messages).toEqual([]);
    expect((await json('/api/incidents')).incidents).toEqual([]);
  });
  it('is bounded: the newest stay', () => {
    for (let index = 0; index < keptRows + 5; index++)
      inbox.store().addMessage('alerts', { text: String(index) });
    const kept = inbox.store().messages(keptRows * 2);
    expect(kept).toHaveLength(keptRows);
    expect(kept[0]?.message.text).toBe(String(keptRows + 4));
  });
  it('counts only Alertmanager’s webhook as a heartbeat', async () => {
    expect((await post('/heartbeat', { hello: 1 })).status).toBe(400);
    expect(await json('/api/heartbeat')).toEqual({
      heartbeat: null,
      deadman: { state: 'waiting', silentSince: null, silenceSeconds: 180 },
    });
  });
  it.each(['limit=0', 'limit=1001', 'limit=x', 'channel=a%20b', 'channel=a&channel=b'])(
    'refuses the query %s',
    async (query) => {
      expect((await fetch(`${inbox.base()}/api/messages?${query}`)).status).toBe(400);
    },
  );
  it('answers to health checks and scrapes', async () => {
    expect(await json('/health')).toEqual({ status: 'ok' });
    expect(await text('/metrics')).toContain('process_resident_memory_bytes');
  });
});

describe('the page', () => {
  it('shows what arrived, and runs nothing of it', async () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    await post('/slack/alerts', {
      text: `*${evil}* <javascript:alert(1)|click> <https://good.test/?a=1&b=2|good>`,
      username: evil,
      attachments: [
        {
          title: evil,
          title_link: 'javascript:alert(1)',
          color: evil,
          text: evil,
          fields: [{ title: evil, value: evil }],
        },
      ],
    });
    await post('/v2/enqueue', {
      ...trigger(evil),
      links: [
        { href: 'javascript:alert(1)', text: 'bad' },
        { href: 'https://good.test/', text: evil },
      ],
      payload: { summary: evil, source: evil, severity: 'critical', component: evil },
    });
    const response = await fetch(`${inbox.base()}/`);
    const markup = await response.text();
    expect(markup).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(markup).not.toContain('<script>alert');
    expect(markup).not.toMatch(/<img|href="javascript/);
    expect(markup).toContain('<a href="https://good.test/?a=1&amp;b=2">good</a>');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(markup).toContain(`<script nonce="${nonce}">`);
  });
  it('shows escaped text as Slack does', async () => {
    await post('/slack/alerts', {
      attachments: [{ title: 'a &lt;b&gt; &amp;amp; c', text: '&lt;!channel&gt; *x*' }],
    });
    const markup = await text('/board');
    expect(markup).toContain('<h3>a &lt;b&gt; &amp;amp; c</h3>');
    expect(markup).toContain('&lt;!channel&gt; <strong>x</strong>');
  });
  it('refreshes from the board alone', async () => {
    await post('/slack/monitoring', { text: 'a line' });
    const board = await text('/board');
    expect(board).toContain('a line');
    expect(board).not.toContain('<html');
  });
  it('serves the runbooks that alerts link to', async () => {
    const runbook = await text('/runbooks/high-error-ratio');
    expect(runbook).toContain('<h1>HighErrorRatio</h1>');
    expect(runbook).toContain('<a href="/runbooks/database-errors">');
    expect(await text('/runbooks')).toContain('<a href="/runbooks/service-down">');
    expect((await fetch(`${inbox.base()}/runbooks/..%2f..%2fpackage`)).status).toBe(404);
  });
});
