import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { browserPath, launchBrowser, noBrowser } from '../support/browser.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

/** Panels that are empty while all is well, or where the traffic leaves them so. */
const mayBeEmpty = ['Errors'];

describe('the pages of a running stack, in a browser', () => {
  const stack = new StackClient(inject('stack'));
  let browser: Browser | undefined;

  beforeEach(async (context) => {
    if (browserPath === undefined) context.skip(noBrowser);
    browser ??= await launchBrowser();
  });
  afterAll(async () => browser?.close());

  const open = async (url: string) => {
    const page = await (browser ?? (await launchBrowser())).newPage({
      viewport: { width: 1600, height: 1000 },
      colorScheme: 'dark',
    });
    await page.goto(url);
    return page;
  };

  it('show the Service Overview with data in every panel', async () => {
    // The rate of a counter needs two scrapes.
    await waitFor('a request rate', async () => {
      const [rate] = await stack.prometheus('sum(rate(http_server_request_duration_seconds_count[1m]))');
      return rate && rate.value > 0 ? true : undefined;
    });
    const page = await open(stack.url('preview', '/d/service-overview?from=now-5m&to=now'));
    const panels = await waitFor('every panel to be drawn', async () => {
      const found = await page.$$eval('.panel', (elements) =>
        elements.map((element) => ({
          title: element.querySelector('.panel-title, h3, header')?.textContent?.trim() ?? '',
          text: element.textContent ?? '',
          drawn: element.querySelector('canvas, tbody tr, .log-message, .stat-value, .stat') !== null,
        })),
      );
      const ready = found.filter(
        ({ drawn, title }) => drawn || mayBeEmpty.some((name) => title.startsWith(name)),
      );
      return found.length > 20 && ready.length === found.length ? found : undefined;
    });
    // Requests are traced, and their exemplars are drawn over the latency.
    await page.waitForSelector('.panel[data-exemplars]');
    expect(panels.map(({ text }) => text).filter((text) => /SL16\d\d|No data/.test(text))).toEqual([]);
    if (process.env.PREVIEW_SHOTS) {
      await mkdir(process.env.PREVIEW_SHOTS, { recursive: true });
      await page.screenshot({ path: join(process.env.PREVIEW_SHOTS, 'live.png'), fullPage: true });
    }
    await page.close();
  }, 120_000);

  it('show the inbox and the runbooks', async () => {
    const inbox = await open(stack.url('inbox'));
    await inbox.getByRole('heading', { name: 'Inbox' }).waitFor();
    await inbox.getByRole('link', { name: 'Runbooks' }).click();
    await inbox.getByRole('link', { name: /HighErrorRatio/ }).click();
    await inbox.getByRole('heading', { name: 'Mitigation' }).waitFor();
    expect(inbox.url()).toContain('/runbooks/high-error-ratio');
    await inbox.close();
  }, 60_000);
});
