import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/index.ts';
import { browserPath, launchBrowser, noBrowser } from '../support/browser.ts';
import { lookAt } from '../support/dashboards-in-browser.ts';
import { endAll, openPage, patient, refreshed, setUpMs, startPreview, startStores } from './stage.ts';
import type { Running } from './stores.ts';

if (browserPath === undefined) console.warn(`skipped: ${noBrowser}`);

/** Pictures are kept where PREVIEW_SHOTS says; otherwise they go with the test's own directory. */
const directory = await mkdtemp(join(tmpdir(), 'preview-e2e-'));
const shots = process.env.PREVIEW_SHOTS ?? join(directory, 'shots');
const running: Running[] = [];
let browser: Browser;
let base = '';

const panels = (buildDashboards()[0]?.model.panels ?? []).filter(({ type }) => type !== 'row');

describe.skipIf(browserPath === undefined)('the preview in a browser', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await mkdir(shots, { recursive: true });
    const { prometheus, loki } = await startStores(directory);
    running.push(prometheus, loki);
    const preview = await startPreview({ PROMETHEUS_URL: prometheus.url, LOKI_URL: loki.url });
    running.push(preview);
    base = preview.url;
    browser = await launchBrowser();
  }, setUpMs);

  afterAll(() => endAll({ browser, running, directory }), 60_000);

  const open = (path: string, width = 1920, height = 1080) =>
    openPage(browser, `${base}${path}`, { width, height });
  const states = (page: Page) =>
    page.$$eval('.panel', (elements) =>
      elements.map((element) => ({
        title: element.querySelector('h3')?.textContent ?? '',
        state: element instanceof HTMLElement ? element.dataset.state : '',
        said: element.querySelector('.message')?.textContent ?? '',
      })),
    );
  /** Share of pixels of a panel's canvas that something was drawn on. */
  const drawnShare = (page: Page, id: number) =>
    page.$eval(`[data-panel-id="${id}"] canvas`, (canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let drawn = 0;
      for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 0) drawn += 1;
      return drawn / Math.max(1, pixels.length / 4);
    });

  it.each([
    ['dark', 1920],
    ['light', 1920],
    ['dark', 1280],
  ])('draws every panel of the Service Overview, %s at %i pixels', async (theme, width) => {
    const { page, errors } = await open(`/d/service-overview?theme=${theme}`, width);
    await refreshed(page);
    const shown = await states(page);
    expect(shown.filter(({ state }) => state !== 'ready')).toEqual([]);
    expect(shown).toHaveLength(panels.length);
    for (const { id, type, title } of panels)
      if (!['table', 'logs', 'text'].includes(type))
        expect(await drawnShare(page, id ?? 0), `${title} is blank`).toBeGreaterThan(0.003);
    expect(await page.locator('.panel-table tbody tr').count()).toBeGreaterThan(5);
    expect(await page.locator('.log-line.level-error').count()).toBeGreaterThan(5);
    // Nothing is wider than the window.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(errors).toEqual([]);
    await page.screenshot({ path: join(shots, `service-overview-${theme}-${width}.png`) });
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(shots, `service-overview-${theme}-${width}-full.png`) });
    await page.close();
  });

  it('follows the variables of a link, and writes them into its own URL', async () => {
    const { page } = await open('/d/service-overview?var-service=backend-api&from=now-30m&to=now');
    await refreshed(page);
    await expect
      .poll(() => page.locator('[data-variable="service"] .control').textContent(), patient)
      .toContain('backend-api');
    const legend = page
      .locator('.panel')
      .filter({ hasText: 'Request rate by service' })
      .locator('.legend button');
    expect(await legend.allTextContents()).toEqual(['backend-api']);
    expect(await page.locator('.controls .popover .control').first().textContent()).toContain(
      'Last 30 minutes',
    );
    await page.locator('[data-variable="service"] .control').click();
    await page.getByRole('button', { name: 'Only audit' }).click();
    await expect.poll(() => legend.allTextContents(), patient).toEqual(['audit']);
    expect(new URL(page.url()).searchParams.get('var-service')).toBe('audit');
    await page.close();
  });

  it('zooms to what is dragged over', async () => {
    const { page } = await open('/d/service-overview');
    await refreshed(page);
    const chart = page.locator('.panel').filter({ hasText: 'Latency percentiles' }).locator('.chart');
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart has no box');
    const middle = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.4, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, middle, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=\d{13}&to=\d{13}/);
    const url = new URL(page.url()).searchParams;
    const minutes = (Number(url.get('to')) - Number(url.get('from'))) / 60_000;
    expect(minutes).toBeGreaterThan(8);
    expect(minutes).toBeLessThan(17);
    await page.close();
  });

  it('leads from a line to the logs of its service', async () => {
    const { page } = await open('/d/service-overview?var-service=backend-api');
    await refreshed(page);
    const chart = page.locator('.panel').filter({ hasText: 'Request rate by service' }).locator('.chart');
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart has no box');
    const link = page.getByRole('menuitem', { name: 'Logs of backend-api' });
    // The line is somewhere in this column; below it, its shaded area takes the click as well.
    for (let share = 0.2; share < 0.8 && (await link.count()) === 0; share += 0.05)
      await page.mouse.click(box.x + box.width / 2, box.y + box.height * share);
    const [logs] = await Promise.all([page.waitForEvent('popup'), link.click()]);
    await logs.waitForURL('**/explore?*');
    expect(new URL(logs.url()).searchParams.get('panes')).toContain('{service=\\"backend-api\\"}');
    await expect.poll(() => logs.locator('.log-line').count(), patient).toBeGreaterThan(10);
    expect(await page.getByRole('menu', { name: 'Links' }).count()).toBe(0);
    await Promise.all([page.close(), logs.close()]);
  });

  it('shows one series alone by the keyboard, and log lines in full', async () => {
    const { page } = await open('/d/service-overview');
    await refreshed(page);
    const legend = page.locator('.panel').filter({ hasText: 'Error ratio by service' }).locator('.legend');
    await legend.locator('button', { hasText: 'sync' }).focus();
    await page.keyboard.press('Enter');
    expect(await legend.locator('[aria-pressed="true"]').allTextContents()).toEqual(['sync']);
    const errors = page.locator('.panel-logs').first();
    await errors.locator('summary').first().click();
    await expect
      .poll(() => errors.locator('.log-fields').first().textContent(), patient)
      .toContain('request_id');
    await errors.getByPlaceholder('Filter lines').fill('req-backend-api');
    await expect.poll(() => errors.locator('.log-service').allTextContents(), patient).not.toContain('audit');
    await page.close();
  });

  it('opens Grafana’s Explore links, and says what is wrong with a query', async () => {
    const pane = (datasource: string, expr: string) =>
      `/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify({ a1b: { datasource, queries: [{ refId: 'A', datasource: { type: datasource, uid: datasource }, expr }], range: { from: 'now-1h', to: 'now' } } }))}`;
    const { page } = await open(pane('loki', '{service="backend-api", level="ERROR"}'));
    await expect.poll(() => page.locator('.log-line').count(), patient).toBeGreaterThan(10);
    await page.screenshot({ path: join(shots, 'explore-loki.png') });
    await page.goto(`${base}${pane('prometheus', 'sum by (service) (up)')}`);
    await expect.poll(() => page.locator('.legend button').count(), patient).toBe(5);
    await page.goto(`${base}${pane('prometheus', 'sum by (')}`);
    await expect.poll(() => page.locator('.message.error').textContent(), patient).toContain('parse error');
    await page.close();
  });

  it('says in every panel that a store is down, and narrows the logs by the search box', async () => {
    const nowhere = await startPreview({
      PROMETHEUS_URL: 'http://127.0.0.1:1',
      LOKI_URL: 'http://127.0.0.1:1',
    });
    running.push(nowhere);
    const alone = nowhere.url;
    const { page } = await open('/');
    await page.goto(`${alone}/d/service-overview`);
    await refreshed(page);
    for (const { title, state, said } of await states(page))
      expect({ title, state, said }).toEqual({
        title,
        state: 'error',
        said: expect.stringContaining('SL1615'),
      });
    await page.goto(`${base}/d/service-overview?var-search=${encodeURIComponent('pushed a \\w+')}`);
    await refreshed(page);
    const messages = await page.locator('.panel-logs').nth(1).locator('.log-message').allTextContents();
    expect(messages.length).toBeGreaterThan(3);
    expect(new Set(messages)).toEqual(new Set(['Pushed a change to 12 clients']));
    await page.close();
  });

  it('has found what a person complains of: what fails, and what is empty', async () => {
    const panel = (id: number, expr: string) => ({
      ...{ id, type: 'timeseries', title: `Panel ${id}`, gridPos: { x: 0, y: 8 * id, w: 24, h: 8 } },
      ...{ datasource: { type: 'prometheus' }, targets: [{ refId: 'A', expr }] },
    });
    const exprs = ['up', 'sum by (', 'no_such_series', 'sum(kube_pod_status_phase)'];
    const dashboard = {
      ...{ uid: 'broken', title: 'Broken', panels: exprs.map((expr, id) => panel(id, expr)) },
      ...{ templating: {}, annotations: {} },
    };
    const DASHBOARDS_DIR = join(directory, 'broken');
    await mkdir(DASHBOARDS_DIR);
    await writeFile(join(DASHBOARDS_DIR, 'broken.json'), JSON.stringify(dashboard));
    const [prometheus, loki] = running;
    const preview = await startPreview({
      ...{ PROMETHEUS_URL: prometheus?.url, LOKI_URL: loki?.url, DASHBOARDS_DIR },
    });
    running.push(preview);
    const found = await lookAt(browser, preview.url, dashboard, { width: 1440, patienceMs: 1000 });
    expect(found).toEqual([
      expect.stringMatching(/^broken at 1440: Failed to load resource: .* 400/),
      expect.stringMatching(/^broken at 1440: http.*: 400$/),
      expect.stringMatching(/^broken at 1440: Panel 1: error .*parse error/),
      'broken at 1440: Panel 2: is empty',
    ]);
  });

  it('draws pictures without a browser that a browser can read', async () => {
    const { page } = await open('/');
    const drawn = panels.filter(({ type }) => !['table', 'logs', 'text'].includes(type));
    for (const { id, title } of drawn) {
      await page.goto(`${base}/render/service-overview/${id}.svg?width=700&height=300`);
      expect(await page.locator('parsererror').count(), `${title} is not well-formed`).toBe(0);
      expect(await page.locator('svg path').count(), `${title} is blank`).toBeGreaterThan(0);
    }
    const latency = drawn.find(({ title }) => title === 'p95 latency by service');
    await page.setViewportSize({ width: 700, height: 300 });
    await page.goto(`${base}/render/service-overview/${latency?.id}.svg?width=700&height=300`);
    await page.screenshot({ path: join(shots, 'rendered-on-the-server.png') });
    await page.close();
  });

  it('lists the dashboards, and says so where there is none', async () => {
    const { page } = await open('/');
    await page.getByRole('link', { name: 'Service Overview' }).click();
    await page.waitForURL(/\/d\/service-overview/);
    await page.goto(`${base}/d/nope`);
    await expect.poll(() => page.locator('.message.error').textContent(), patient).toContain('SL1613');
    await page.close();
  });
});
