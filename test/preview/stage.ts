import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { toolPath } from '../support/tools.ts';
import { freePort, type Running, startLoki, startProcess, startPrometheus } from './stores.ts';

/** A busy machine draws slowly. */
export const patient = { timeout: 30_000 };

/** Tools are built on a machine that has none: minutes, once. */
export const setUpMs = 1_500_000;

/** A real Prometheus and a real Loki that remember an hour. */
export async function startStores(directory: string): Promise<{ prometheus: Running; loki: Running }> {
  const [prometheus, promtool, loki] = [
    await toolPath('prometheus'),
    await toolPath('promtool'),
    await toolPath('loki'),
  ];
  return {
    prometheus: await startPrometheus({ prometheus, promtool }, directory),
    loki: await startLoki(loki, directory),
  };
}

/** The preview as a process. @param root of the repository whose files it runs @param onPort a free one by default */
export async function startPreview(
  env: NodeJS.ProcessEnv,
  root = process.cwd(),
  onPort?: number,
): Promise<Running> {
  const port = onPort ?? (await freePort());
  const script = `${root}/dashboards/preview/main.ts`;
  return startProcess(process.execPath, [script], `http://127.0.0.1:${port}`, '/health', {
    ...env,
    PORT: String(port),
  });
}

/** Ends what a test file started, also where its beginning failed half-way: what was started last ends first. */
export async function endAll({
  browser,
  running,
  directory,
}: {
  readonly browser: Browser | undefined;
  readonly running: readonly Running[];
  readonly directory: string;
}): Promise<void> {
  await browser?.close();
  for (const process of running.toReversed()) await process.stop();
  await rm(directory, { recursive: true, force: true });
}

export interface OpenedPage {
  readonly page: Page;
  /** What the console said of errors. */
  readonly errors: readonly string[];
  /** What it asked for and did not get. */
  readonly failed: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  { width = 1440, height = 900, colorScheme = 'dark' as 'dark' | 'light' } = {},
): Promise<OpenedPage> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const failed: string[] = [];
  page.on('requestfailed', (request) => failed.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(`${response.url()}: ${response.status()}`);
  });
  await page.goto(url);
  return { page, errors, failed };
}

/** When a dashboard has drawn all it asked for. @param after epoch milliseconds: drawn later than this */
export const refreshed = (page: Page, after = 0): Promise<unknown> =>
  page.waitForFunction((than) => Number(document.body.dataset.refreshed ?? 0) > than, after, {
    timeout: 60_000,
  });
