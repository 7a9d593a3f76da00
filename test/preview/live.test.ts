import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchBrowser, noBrowser } from '../support/browser.ts';
import { openPage, patient, setUpMs, startPreview } from './stage.ts';
import type { Running } from './stores.ts';

if (browserPath === undefined) console.warn(`skipped: ${noBrowser}`);

const root = process.cwd();
const nowhere = { PROMETHEUS_URL: 'http://127.0.0.1:1', LOKI_URL: 'http://127.0.0.1:1' };

describe.skipIf(browserPath === undefined)('a dashboard whose file is saved', { timeout: 120_000 }, () => {
  let directory = '';
  let preview: Running | undefined;
  let browser: Browser;

  beforeAll(async () => {
    // Real sources, in a copy that may be broken.
    directory = await mkdtemp(join(tmpdir(), 'preview-live-'));
    for (const name of ['dashboards', 'telemetry', 'package.json'])
      await cp(join(root, name), join(directory, name), { recursive: true });
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
    preview = await startPreview(nowhere, directory);
    browser = await launchBrowser();
  }, setUpMs);

  afterAll(async () => {
    await browser?.close();
    await preview?.stop();
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  it('is redrawn by itself, and stays as it was while the file is broken', async () => {
    const { page } = await openPage(browser, `${preview?.url}/d/home?from=now-3h&to=now`);
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor(patient);
    await page.evaluate(() => document.body.setAttribute('data-same-document', 'yes'));
    const links = join(directory, 'telemetry/contract/links.ts');
    const text = await readFile(links, 'utf8');
    const renamed = text.replace("title: 'Home'", "title: 'Start here'");
    expect(renamed).not.toBe(text);
    const saved = performance.now();
    await writeFile(links, renamed);
    await page
      .getByRole('heading', { name: 'Start here', level: 1 })
      .waitFor({ ...patient, state: 'visible' });
    console.log(`redrawn ${Math.round(performance.now() - saved)} ms after the file was saved`);
    expect(new URL(page.url()).searchParams.get('from')).toBe('now-3h');

    await writeFile(links, `${renamed}\nexport const broken = {;\n`);
    const banner = page.locator('.banner');
    await banner.getByText('SL1618').waitFor(patient);
    expect(await banner.textContent()).toContain('telemetry/contract/links.ts');
    expect(await page.locator('.panel').count()).toBeGreaterThan(3);
    expect((await fetch(`${preview?.url}/api/dashboards/home`)).status).toBe(200);

    await writeFile(links, text);
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor(patient);
    await expect.poll(() => banner.isHidden(), patient).toBe(true);
    // It is the same document all along: nothing was reloaded.
    expect(await page.evaluate(() => document.body.dataset.sameDocument)).toBe('yes');
    await page.close();
  });

  it('is redrawn when the preview comes back with another, even if it was refused meanwhile', async () => {
    const { page } = await openPage(browser, `${preview?.url}/d/home`);
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor(patient);
    await page.evaluate(() => document.body.setAttribute('data-same-document', 'yes'));
    const port = Number(new URL(preview?.url ?? '').port);
    await preview?.stop();
    let refused = 0;
    const gateway = createServer((request, response) => {
      if (request.url === '/api/events') refused += 1;
      response.writeHead(503).end();
    });
    await new Promise<void>((done) => gateway.listen(port, '127.0.0.1', done));
    try {
      await expect.poll(() => refused, patient).toBeGreaterThan(1);
    } finally {
      gateway.closeAllConnections();
      await new Promise((done) => gateway.close(done));
    }
    const links = join(directory, 'telemetry/contract/links.ts');
    const text = await readFile(links, 'utf8');
    await writeFile(links, text.replace("title: 'Home'", "title: 'Come back'"));
    preview = await startPreview(nowhere, directory, port);
    await page.getByRole('heading', { name: 'Come back', level: 1 }).waitFor(patient);
    expect(await page.evaluate(() => document.body.dataset.sameDocument)).toBe('yes');
    await page.close();
  });
});
