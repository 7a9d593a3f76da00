import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { DashboardModel, PanelModel } from '../../dashboards/preview/page/model.ts';
import { openPage, patient, refreshed } from '../preview/stage.ts';
import { elsewhere } from './panels-elsewhere.ts';
import { waitFor } from './wait.ts';

/** Panels that are HTML, not a chart on a canvas. */
const withoutChart = new Set(['table', 'logs', 'text']);

const panelsOf = ({ panels }: DashboardModel): readonly PanelModel[] =>
  panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));

/** Whether the stack has nothing that any of its queries asks for, and is declared not to. */
const isOfElsewhere = ({ targets = [] }: PanelModel): boolean =>
  targets.length > 0 && targets.every(({ expr = '' }) => elsewhere(expr) !== undefined);

/** Unfolds what is folded, and scrolls to the end and back, as someone who reads all of it. */
async function readThrough(page: Page): Promise<void> {
  for (const summary of await page.locator('details.row:not([open]) > summary').all()) await summary.click();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y < height; y += 600)
    await page.evaluate((to) => new Promise((done) => requestAnimationFrame(() => done(scrollTo(0, to)))), y);
  await page.evaluate(() => scrollTo(0, 0));
}

/** What each panel on the page says of itself, by its id. */
const shownOn = async (page: Page) =>
  new Map(
    await page.$$eval('.panel', (elements) =>
      elements.map((element) => {
        const canvas = element.querySelector('canvas');
        const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        const state = element instanceof HTMLElement ? (element.dataset.state ?? '') : '';
        const said = element.querySelector('.message')?.textContent ?? '';
        return [
          Number(element.getAttribute('data-panel-id')),
          { state, said, isDrawn: pixels?.some((value) => value !== 0) ?? false },
        ] as const;
      }),
    ),
  );

/** What each panel shows that it should not. */
async function complaintsOf(page: Page, dashboard: DashboardModel): Promise<readonly string[]> {
  const shown = await shownOn(page);
  return panelsOf(dashboard).flatMap((panel) => {
    const found = shown.get(panel.id);
    if (!found) return [`${panel.title}: is not on the page`];
    if (found.state === 'empty') return isOfElsewhere(panel) ? [] : [`${panel.title}: is empty`];
    if (found.state !== 'ready') return [`${panel.title}: ${found.state} ${found.said}`];
    return withoutChart.has(panel.type) || found.isDrawn ? [] : [`${panel.title}: is blank`];
  });
}

/**
 * Opens a dashboard in a browser, reads all of it, and says what a person would complain of.
 * @param base address of the preview
 * @param patienceMs how long what is missing may take
 * @param pictures a folder that gets a PNG of the whole page; none is drawn without it
 */
export async function lookAt(
  browser: Browser,
  base: string,
  dashboard: DashboardModel,
  {
    width,
    pictures,
    patienceMs = patient.timeout,
  }: { readonly width: number; readonly pictures?: string | undefined; readonly patienceMs?: number },
): Promise<readonly string[]> {
  const { page, errors, failed } = await openPage(browser, `${base}/d/${dashboard.uid}`, { width });
  let complaints: readonly string[] = [];
  await refreshed(page);
  await readThrough(page);
  await waitFor(
    `${dashboard.uid} to be drawn`,
    async () => {
      complaints = await complaintsOf(page, dashboard);
      return complaints.length === 0 ? true : undefined;
    },
    patienceMs,
  ).catch(() => undefined);
  const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  const found = [
    ...[...errors, ...failed, ...complaints],
    ...(isWider ? ['the page is wider than its window'] : []),
  ];
  if (pictures !== undefined) {
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${dashboard.uid}-${width}.png`), fullPage: true });
  }
  await page.close();
  return found.map((what) => `${dashboard.uid} at ${width}: ${what}`);
}
