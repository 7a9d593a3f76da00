import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../index.ts';
import { createApp } from './app.ts';
import { type PreviewSettings, settingsFrom } from './environment.ts';
import { eventsOf } from './events.ts';
import { maxPoints, readQuery } from './read-queries.ts';
import { sourceOf } from './repository.ts';

interface Seen {
  readonly url: URL;
  readonly tenant: string | undefined;
  readonly method: string | undefined;
}

const seen: Seen[] = [];
const servers: Server[] = [];
const open: { readonly close: () => void }[] = [];
let upstream = '';

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}

async function preview(settings: Partial<PreviewSettings> = {}): Promise<string> {
  const all = {
    ...settingsFrom({}),
    ...{ prometheusUrl: upstream, lokiUrl: upstream, alertmanagerUrl: upstream },
    ...settings,
  };
  const source = sourceOf(all);
  const events = eventsOf(source);
  open.push(events, source);
  return listen(
    createServer(await createApp({ settings: all, source, events, log: { error: console.error } })),
  );
}

beforeAll(async () => {
  // Stands for both stores, and keeps what it was asked: what reaches them is the point here.
  upstream = await listen(
    createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://upstream');
      seen.push({ url, tenant: request.headers['x-scope-orgid']?.toString(), method: request.method });
      response.setHeader('content-type', 'application/json');
      const values = [0, 15, 30, 45].map((offset) => [Math.floor(Date.now() / 1000) - 60 + offset, '0.5']);
      if (url.searchParams.get('query') === 'huge') response.end('x'.repeat(21 * 1024 * 1024));
      else
        response.end(
          JSON.stringify({
            data: { resultType: 'matrix', result: [{ metric: { service: 'sync' }, values }] },
          }),
        );
    }),
  );
});

afterAll(async () => {
  for (const each of open) each.close();
  for (const server of servers) server.close();
});

describe('the proxy of the preview', () => {
  it('passes on read queries, with the tenant for Loki alone', async () => {
    const base = await preview({ lokiTenant: 'platform' });
    const range = 'query=up&start=0&end=60&step=15';
    expect((await fetch(`${base}/proxy/loki/loki/api/v1/query_range?${range}`)).status).toBe(200);
    expect(seen.at(-1)).toMatchObject({ tenant: 'platform', method: 'GET' });
    expect((await fetch(`${base}/proxy/prometheus/api/v1/query_range?${range}`)).status).toBe(200);
    expect(seen.at(-1)?.tenant).toBeUndefined();
    expect(
      (await fetch(`${base}/proxy/alertmanager/api/v2/alerts?filter=severity%3D%22info%22&x=1`)).status,
    ).toBe(200);
    expect(seen.at(-1)?.url.search).toBe('?filter=severity%3D%22info%22');
  });
  it.each([
    '/proxy/prometheus/api/v1/admin/tsdb/delete_series?match[]=up',
    '/proxy/prometheus/api/v1/status/config',
    '/proxy/prometheus/api/v1/query/../status/flags%2f',
    '/proxy/prometheus/-/quit',
    '/proxy/loki/loki/api/v1/push',
    '/proxy/loki/loki/api/v1/delete?query=x',
    '/proxy/loki/config',
    '/proxy/alertmanager/api/v2/status',
    '/proxy/alertmanager/api/v2/silence/1',
    '/proxy/alertmanager/-/reload',
  ])('refuses %s', async (path) => {
    const base = await preview();
    const before = seen.length;
    const response = await fetch(`${base}${path}`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('SL1614');
    expect(seen.length).toBe(before);
  });
  it('passes on no other method, and knows no other source', async () => {
    const base = await preview();
    expect((await fetch(`${base}/proxy/grafana/api/v1/query`)).status).toBe(404);
    expect((await fetch(`${base}/proxy/constructor/api/v1/query`)).status).toBe(404);
    expect((await fetch(`${base}/proxy/prometheus/api/v1/query`, { method: 'POST' })).status).toBe(404);
  });
  it('bounds points, lines and the length of a query, and drops unknown parameters', () => {
    const bounded = (query: string, path = '/api/v1/query_range'): URLSearchParams =>
      readQuery('prometheus', path, new URLSearchParams(query));
    expect(bounded('query=up&start=0&end=86400&step=1').get('step')).toBe(
      String(Math.ceil(86_400 / maxPoints)),
    );
    expect(bounded('query=up&start=0&end=60&step=15&token=x').toString()).not.toContain('token');
    expect(bounded('query=up&start=0&end=60&step=-3').get('step')).toBe('1');
    expect(bounded('query=up&limit=999999', '/api/v1/query').get('limit')).toBe('1000');
    expect(() => bounded(`query=${'x'.repeat(10_001)}`, '/api/v1/query')).toThrow('SL1614');
    expect(() => bounded('query=up&start=yesterday&end=60')).toThrow('SL1614');
    const loki = readQuery(
      'loki',
      '/loki/api/v1/query_range',
      new URLSearchParams('start=0&end=86400000000000000&step=1s'),
    );
    expect(loki.get('step')).toMatch(/^\d+s$/);
    const patterns = new URLSearchParams('query={}&start=0&end=86400&step=1s');
    expect(readQuery('loki', '/loki/api/v1/patterns', patterns).get('step')).toBe('44s');
  });
  it('says so when an answer is too large, or none comes', async () => {
    const large = await fetch(`${await preview()}/proxy/prometheus/api/v1/query?query=huge`);
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('SL1616')]);
    const gone = await fetch(
      `${await preview({ prometheusUrl: 'http://127.0.0.1:1' })}/proxy/prometheus/api/v1/query?query=up`,
    );
    expect([gone.status, await gone.text()]).toEqual([502, expect.stringContaining('SL1615')]);
  });
});

describe('the pages of the preview', () => {
  it('come with a policy that allows nothing from elsewhere, and no eval', async () => {
    const response = await fetch(`${await preview()}/d/service-overview`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect(await response.text()).not.toMatch(/https?:\/\//);
  });
  it('get their scripts without types, and no file outside their folder', async () => {
    const base = await preview();
    const script = await fetch(`${base}/assets/units.ts`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).not.toContain('value: number');
    for (const name of ['..%2fapp.ts', 'units.test.ts', 'index.html', '%2e%2e/app.ts'])
      expect((await fetch(`${base}/assets/${name}`)).status).toBe(404);
    expect((await fetch(`${base}/vendor/echarts.js`)).status).toBe(200);
    expect((await fetch(`${base}/vendor/constructor`)).status).toBe(404);
  });
  it('list the dashboards, and answer health', async () => {
    const base = await preview();
    expect(await (await fetch(`${base}/health`)).json()).toEqual({ status: 'ok' });
    const list: unknown = await (await fetch(`${base}/api/dashboards`)).json();
    expect(list).toMatchObject({
      dashboards: expect.arrayContaining([expect.objectContaining({ uid: 'service-overview' })]),
    });
    expect((await fetch(`${base}/api/dashboards/nope`)).status).toBe(404);
  });
  it('draw a panel as SVG on the server', async () => {
    const panel = buildDashboards()[0]?.model.panels?.find(({ type }) => type === 'timeseries');
    const base = await preview();
    const response = await fetch(`${base}/render/service-overview/${panel?.id}.svg?theme=light`);
    expect(response.headers.get('content-type')).toContain('image/svg+xml');
    const svg = await response.text();
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain('sync');
    expect((await fetch(`${base}/render/service-overview/1.svg`)).status).toBe(404);
  });
  it('link to a Grafana only where one answers', async () => {
    const config = async (grafanaUrl: string): Promise<unknown> =>
      (await fetch(`${await preview({ grafanaUrl })}/api/config`)).json();
    expect(await config(upstream)).toEqual({ grafanaUrl: upstream, alertmanagerUrl: upstream });
    expect(await config('http://127.0.0.1:1')).toEqual({ alertmanagerUrl: upstream });
  });
  it('list saved queries, open one with its values, and refuse what is none', async () => {
    const base = await preview();
    const list: unknown = await (await fetch(`${base}/api/queries`)).json();
    expect(list).toContainEqual(
      expect.objectContaining({ id: 'trace', parameters: [expect.objectContaining({ name: 'trace_id' })] }),
    );
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const opened = await fetch(`${base}/api/queries/trace?trace_id=${trace}`);
    expect(await opened.text()).toContain(trace);
    for (const wrong of ['trace?trace_id=%22%7D', 'trace?user_id=x', 'nope']) {
      const refused = await fetch(`${base}/api/queries/${wrong}`);
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('SL1632')]);
    }
  });
});

describe('the settings of the preview', () => {
  it.each([
    { PORT: 'x' },
    { PORT: '70000' },
    { PROMETHEUS_URL: 'ftp://x' },
    { LOKI_URL: 'nonsense' },
    { GRAFANA_URL: 'x' },
    { ALERTMANAGER_URL: 'x' },
    { TRACE_URL: 'http://127.0.0.1:16686/trace' },
    { RUNBOOKS_URL: '{id}' },
    { DASHBOARD_THRESHOLDS: '{"error_ratio_warning":' },
    { DASHBOARD_THRESHOLDS: '{"no_such_threshold":1}' },
  ])('refuse %o', (environment) => {
    expect(() => settingsFrom(environment)).toThrow('SL1611');
  });
  it('take what dashboards are generated with', () => {
    const environment = {
      DASHBOARD_THRESHOLDS: '{"error_ratio_warning":0.1}',
      RUNBOOKS_URL: 'http://127.0.0.1:3002/runbooks/{id}',
    };
    expect(settingsFrom(environment).dashboardOptions).toEqual({
      thresholds: { error_ratio_warning: 0.1 },
      runbooks: environment.RUNBOOKS_URL,
    });
  });
});
