import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../index.ts';
import { createApp } from './app.ts';
import { type PreviewSettings, settingsFrom } from './environment.ts';
import { maxPoints, readQuery } from './read-queries.ts';

interface Seen {
  readonly url: URL;
  readonly tenant: string | undefined;
  readonly method: string | undefined;
}

const seen: Seen[] = [];
const servers: Server[] = [];
let directory = '';
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
  const app = await createApp(
    { ...settingsFrom({}), prometheusUrl: upstream, lokiUrl: upstream, ...settings },
    { error: console.error },
  );
  return listen(createServer(app));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'preview-'));
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
  for (const server of servers) server.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the proxy of the preview', () => {
  it('passes on read queries, with the tenant for Loki alone', async () => {
    const base = await preview({ lokiTenant: 'platform' });
    const range = 'query=up&start=0&end=60&step=15';
    expect((await fetch(`${base}/proxy/loki/loki/api/v1/query_range?${range}`)).status).toBe(200);
    expect(seen.at(-1)).toMatchObject({ tenant: 'platform', method: 'GET' });
    expect((await fetch(`${base}/proxy/prometheus/api/v1/query_range?${range}`)).status).toBe(200);
    expect(seen.at(-1)?.tenant).toBeUndefined();
  });
  it.each([
    '/proxy/prometheus/api/v1/admin/tsdb/delete_series?match[]=up',
    '/proxy/prometheus/api/v1/status/config',
    '/proxy/prometheus/api/v1/query/../status/flags%2f',
    '/proxy/prometheus/-/quit',
    '/proxy/loki/loki/api/v1/push',
    '/proxy/loki/loki/api/v1/delete?query=x',
    '/proxy/loki/config',
  ])('refuses %s', async (path) => {
    const base = await preview();
    const before = seen.length;
    const response = await fetch(`${base}${path}`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('SL1614');
    expect(seen.length).toBe(before);
  });
  it('passes on no other method', async () => {
    const base = await preview();
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
  });
  it('list the dashboards, and answer health', async () => {
    const base = await preview({ grafanaUrl: 'http://grafana.test' });
    expect(await (await fetch(`${base}/health`)).json()).toEqual({ status: 'ok' });
    const list: unknown = await (await fetch(`${base}/api/dashboards`)).json();
    expect(list).toMatchObject({
      dashboards: expect.arrayContaining([expect.objectContaining({ uid: 'service-overview' })]),
      grafanaUrl: 'http://grafana.test',
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
  it('read rendered dashboards, and name the file that is broken', async () => {
    const model = buildDashboards()[0]?.json ?? '';
    await writeFile(join(directory, 'a.json'), model.replace('"Service Overview"', '"Rendered"'));
    const base = await preview({ dashboardsDir: directory });
    expect(await (await fetch(`${base}/api/dashboards/service-overview`)).json()).toMatchObject({
      title: 'Rendered',
    });
    await writeFile(join(directory, 'b.json'), '{"uid":');
    const broken = await fetch(`${base}/api/dashboards`);
    expect([broken.status, await broken.text()]).toEqual([500, expect.stringMatching(/SL1612.*b\.json/)]);
    const missing = await fetch(`${await preview({ dashboardsDir: join(directory, 'no') })}/api/dashboards`);
    expect(await missing.text()).toContain('SL1612');
  });
});

describe('the settings of the preview', () => {
  it.each([
    { PORT: 'x' },
    { PORT: '70000' },
    { PROMETHEUS_URL: 'ftp://x' },
    { LOKI_URL: 'nonsense' },
    { GRAFANA_URL: 'x' },
  ])('refuse %o', (environment) => {
    expect(() => settingsFrom(environment)).toThrow('SL1611');
  });
});
