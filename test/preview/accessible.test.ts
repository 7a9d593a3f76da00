import { mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explorePathOf } from '../../dashboards/preview/page/explore-link.ts';
import { browserPath, launchBrowser, noBrowser } from '../support/browser.ts';
import { endAll, openPage, patient, refreshed, setUpMs, startPreview, startStores } from './stage.ts';
import type { Running } from './stores.ts';

if (browserPath === undefined) console.warn(`skipped: ${noBrowser}`);

const running: Running[] = [];
let directory = '';
let browser: Browser;
let base = '';

const explore = (source: 'loki' | 'prometheus', expr: string): string =>
  explorePathOf([{ source, exprs: [expr], from: 'now-1h', to: 'now' }]);

describe.skipIf(browserPath === undefined)(
  'the pages of the preview, for everybody',
  { timeout: 120_000 },
  () => {
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'preview-accessible-'));
      const { prometheus, loki } = await startStores(directory);
      running.push(prometheus, loki);
      const nowhere = 'http://127.0.0.1:1';
      const env = { PROMETHEUS_URL: prometheus.url, LOKI_URL: loki.url, ALERTMANAGER_URL: nowhere };
      const preview = await startPreview({ ...env, RUNBOOKS_URL: 'http://127.0.0.1:3002/runbooks/{id}' });
      running.push(preview);
      base = preview.url;
      browser = await launchBrowser();
    }, setUpMs);

    afterAll(() => endAll({ browser, running, directory }), 60_000);

    /** Serious and critical findings of axe, each with the first elements it is about. */
    async function violations(page: Page): Promise<readonly string[]> {
      const source = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
      await page.evaluate(source);
      const { violations: found } = (await page.evaluate(
        `axe.run(document, { resultTypes: ['violations'] })`,
      )) as AxeResults;
      return found
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map(({ html }) => html.slice(0, 200))
              .join(' | ')}`,
        );
    }

    const pages: readonly (readonly [name: string, path: string, ready: (page: Page) => Promise<unknown>])[] =
      [
        ['the list', '/', (page) => page.getByRole('link', { name: 'Service Overview' }).waitFor()],
        ['a dashboard', '/d/service-overview?from=now-10m&to=now', (page) => refreshed(page)],
        [
          'the query library',
          '/d/query-library',
          (page) => page.getByRole('link', { name: 'One trace' }).waitFor(),
        ],
        [
          'Explore with lines',
          explore('loki', '{service="backend-api"}'),
          async (page) => {
            await page.locator('.log-line summary').first().click();
            await page.locator('.log-fields').first().waitFor();
          },
        ],
        [
          'Explore with an error and the saved queries',
          explore('prometheus', 'sum by ('),
          async (page) => {
            await page.getByText('Saved queries').click();
            await page.getByRole('textbox', { name: /^trace_id/ }).waitFor();
            await page.locator('.query-failure mark').waitFor();
          },
        ],
        ['alerts that cannot be asked for', '/alerts', (page) => page.locator('.banner p').waitFor()],
        ['no such dashboard', '/d/nope', (page) => page.locator('.message.error').waitFor()],
      ];

    it.each(pages.flatMap((one) => (['dark', 'light'] as const).map((theme) => [theme, ...one] as const)))(
      '%s: axe finds nothing serious in %s',
      async (colorScheme, _name, path, ready) => {
        const { page } = await openPage(browser, `${base}${path}`, { colorScheme });
        await ready(page);
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
        for (const landmark of ['banner', 'main', 'contentinfo'] as const)
          expect(await page.getByRole(landmark).count(), landmark).toBe(1);
        expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
        expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
        expect(await page.getByRole('contentinfo').textContent()).toContain('preview');
        await page.close();
      },
    );

    it('the first stop of the keyboard leads to the content', async () => {
      const { page } = await openPage(browser, `${base}/d/service-overview`);
      await refreshed(page);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
      await page.close();
    });

    it('a chart says what it shows, and is a table on demand', async () => {
      const { page } = await openPage(browser, `${base}/d/service-overview`);
      await refreshed(page);
      const panel = page.getByRole('region', { name: 'Request rate by service' });
      const said = await panel.getByRole('img').getAttribute('aria-label');
      expect(said).toMatch(
        /^Request rate by service\. Time series, 5 series\. Last values: .*backend-api [\d.]+ req\/s/,
      );
      await panel.getByRole('button', { name: 'Request rate by service as a table' }).focus();
      await page.keyboard.press('Enter');
      const rows = panel.locator('.table').first().locator('tbody tr');
      await expect.poll(() => rows.count(), patient).toBe(5);
      expect(await rows.first().textContent()).toMatch(/^audit[\d.]+ req\/s/);
      await page.keyboard.press('Enter');
      await expect.poll(() => panel.getByRole('img').count(), patient).toBe(1);
      await page.close();
    });

    it('controls keep the keyboard where it was, and the history leads back', async () => {
      const { page } = await openPage(browser, `${base}/d/service-overview?from=now-30m&to=now`);
      await refreshed(page);
      const shown = () => page.locator('.controls .popover .control').first().textContent();
      await page.getByRole('button', { name: 'Zoom out' }).focus();
      const before = Date.now();
      await page.keyboard.press('Enter');
      await page.waitForURL(/from=\d{13}/);
      await refreshed(page, before);
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Zoom out');
      expect(await shown()).not.toContain('Last 30 minutes');
      await page.goBack();
      await expect.poll(shown, patient).toContain('Last 30 minutes');
      await page.goForward();
      await expect.poll(shown, patient).not.toContain('Last 30 minutes');
      await page.close();
    });

    it('links take the time and the variables along, and panels have their own', async () => {
      const { page } = await openPage(
        browser,
        `${base}/d/service-overview?from=now-30m&to=now&var-service=sync`,
      );
      await refreshed(page);
      const href = await page
        .getByRole('navigation', { name: 'Related' })
        .getByText('SLOs')
        .getAttribute('href');
      const link = new URL(href ?? '', base);
      expect(link.pathname).toBe('/d/slos');
      expect(Object.fromEntries(link.searchParams)).toMatchObject({
        from: 'now-30m',
        to: 'now',
        'var-service': 'sync',
      });
      const panel = page.getByRole('region', { name: 'p95 latency by service' });
      await panel.hover();
      await panel.getByRole('button', { name: /^Links of/ }).click();
      const saved = await panel.getByRole('link', { name: /^Saved query/ }).getAttribute('href');
      expect(saved).toMatch(/^\/explore\?.*panes=/);
      await page.goto(`${base}/d/service-audit`);
      await refreshed(page);
      expect(await page.locator('[data-variable="service"]').count()).toBe(0);
      await page.close();
    });

    it.each([
      ['/d/service-overview?from=yesterday', 'which is no time'],
      ['/d/service-overview?refresh=often', 'which is no interval'],
      ['/explore?panes=%7B', 'not the JSON'],
      ['/queries/trace?trace_id=%22', 'SL1632'],
      ['/alerts', 'SL1615'],
    ])('%s says “%s”', async (path, said) => {
      const { page } = await openPage(browser, `${base}${path}`);
      await page.locator('[role="alert"]').getByText(said).first().waitFor(patient);
      await page.close();
    });
  },
);
