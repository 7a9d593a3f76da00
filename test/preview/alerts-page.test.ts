import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchBrowser, noBrowser } from '../support/browser.ts';
import { toolPath } from '../support/tools.ts';
import { endAll, openPage, patient, setUpMs, startPreview } from './stage.ts';
import { freePort, type Running, startProcess } from './stores.ts';

if (browserPath === undefined) console.warn(`skipped: ${noBrowser}`);

const config = `route: { receiver: nobody }
receivers: [{ name: nobody }]
inhibit_rules:
  - source_matchers: ['severity="critical"']
    target_matchers: ['severity="warning"']
    equal: [service]
`;

const alert = (alertname: string, severity: string, service: string) => ({
  labels: { alertname, severity, service },
  annotations: {
    summary: `${alertname} of ${service}`,
    runbook_url: 'http://127.0.0.1:3002/runbooks/x',
    logs_url: 'javascript:alert(1)',
  },
});

describe.skipIf(browserPath === undefined)('the page of what fires', { timeout: 120_000 }, () => {
  const running: Running[] = [];
  let directory = '';
  let browser: Browser;
  let alertmanager: Running;

  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${alertmanager.url}/api/v2/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'preview-alerts-'));
    const file = join(directory, 'alertmanager.yml');
    await writeFile(file, config);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const args = [
      `--config.file=${file}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    alertmanager = await startProcess(await toolPath('alertmanager'), args, url, '/-/ready');
    running.push(alertmanager);
    running.push(await startPreview({ ALERTMANAGER_URL: url }));
    browser = await launchBrowser();
  }, setUpMs);

  afterAll(() => endAll({ browser, running, directory }), 60_000);

  it('shows what fires, what is silenced and what is inhibited, as Alertmanager has it', async () => {
    const { page, errors } = await openPage(browser, `${running.at(-1)?.url}/alerts`);
    await page.getByText('Nothing fires').waitFor(patient);
    const silence = {
      matchers: [{ name: 'service', value: 'audit', isRegex: false, isEqual: true }],
      startsAt: new Date(Date.now() - 1000).toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'somebody',
      comment: 'Planned work',
    };
    expect((await post('silences', silence)).status).toBe(200);
    const alerts = [
      alert('Errors', 'critical', 'sync'),
      alert('Errors', 'warning', 'sync'),
      alert('Errors', 'warning', 'audit'),
      alert('Slow', 'info', 'sync'),
      alert('Watchdog', 'none', 'sync'),
    ];
    expect((await post('alerts', alerts)).status).toBe(200);
    const names = (title: RegExp) =>
      page.getByRole('region', { name: title }).locator('h3').allTextContents();
    // In the order of urgency.
    await expect.poll(() => names(/^Firing/), patient).toEqual(['Errorscriticalsync', 'Slowinfosync']);
    await expect.poll(() => names(/^Silenced/), patient).toEqual(['Errorswarningaudit']);
    await expect.poll(() => names(/^Inhibited/), patient).toEqual(['Errorswarningsync']);
    expect(await names(/^Plumbing/)).toEqual(['Watchdognonesync']);
    const text = (title: RegExp) =>
      page.getByRole('region', { name: title }).locator('.reason').textContent();
    expect(await text(/^Silenced/)).toContain('“Planned work” by somebody, until');
    expect(await text(/^Inhibited/)).toBe('Inhibited by Errors (critical)');
    expect(await page.getByRole('status').textContent()).toBe('2 alerts fire');
    const first = page.locator('[data-alert="Slow"]');
    expect(await first.getByRole('link', { name: /^Runbook/ }).getAttribute('href')).toContain('/runbooks/x');
    // An annotation is data: it cannot make the page run anything.
    expect(await first.getByRole('link', { name: /^Logs/ }).getAttribute('href')).toBe('#');
    const form = await first.getByRole('link', { name: /^Silence/ }).getAttribute('href');
    expect(decodeURIComponent(form ?? '')).toContain('{alertname="Slow", service="sync", severity="info"}');
    expect(errors).toEqual([]);
    await page.close();
  });
});
