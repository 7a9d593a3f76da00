import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../alerts/inbox/pagerduty.ts';
import type { Heartbeat, ReceivedMessage } from '../../alerts/inbox/store.ts';
import { inboxPath } from '../../alerts/receivers.ts';
import { routingFor } from '../../alerts/routing.ts';
import { allRules } from '../../alerts/rules/index.ts';
import { renderAlertmanager } from '../../infra/render/alertmanager.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool, toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

/** Waits of 10 s and 1 min become 1 s and 6 s. */
const timeScale = 10;

let directory: string;
let alertmanager: RunningTool;
let inbox: RunningTool;
let alertmanagerUrl: string;
let inboxUrl: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'alert-delivery-'));
  const [alertmanagerPort = 0, inboxPort = 0] = await freePorts(2);
  alertmanagerUrl = `http://127.0.0.1:${alertmanagerPort}`;
  inboxUrl = `http://127.0.0.1:${inboxPort}`;
  const files = renderAlertmanager(routingFor(allRules), {
    timeScale,
    templatesGlob: path.join(directory, 'templates/*.tmpl'),
    resolveSecret: ({ secretRef }) => ({ kind: 'url', url: inboxUrl + inboxPath({ secretRef }) }),
  });
  await mkdir(path.join(directory, 'templates'));
  for (const [name, text] of files) await writeFile(path.join(directory, name), text);
  inbox = startInbox(inboxPort);
  alertmanager = startTool(await toolPath('alertmanager'), [
    `--config.file=${path.join(directory, 'alertmanager.yml')}`,
    `--storage.path=${path.join(directory, 'data')}`,
    `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
    '--cluster.listen-address=',
  ]);
  for (const url of [`${inboxUrl}/health`, `${alertmanagerUrl}/-/ready`])
    await waitFor(url, async () => ((await fetch(url)).ok ? true : undefined));
});

afterAll(async () => {
  await Promise.all([alertmanager?.stop(), inbox?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

function startInbox(port: number): RunningTool {
  const main = path.join(import.meta.dirname, '../../alerts/inbox/main.ts');
  return startTool(process.execPath, [main], { PORT: String(port), DATA_DIR: path.join(directory, 'inbox') });
}

interface PostedAlert {
  readonly alertname: string;
  readonly severity: string;
  readonly service?: string;
}

const runbook = 'http://127.0.0.1:3002/runbooks/high-error-ratio';
const dashboard = 'http://127.0.0.1:3001/d/service-overview?var-service=backend-api&from=now-1h&to=now';

async function post(alerts: readonly PostedAlert[], ended = false): Promise<void> {
  const now = Date.now();
  const body = alerts.map((labels) => ({
    labels: { cluster: 'local', environment: 'local', namespace: 'tasks', ...labels },
    annotations: {
      summary: `Requests to ${labels.service} fail`,
      description: 'Users see failures now.',
      runbook_url: runbook,
      dashboard_url: dashboard,
    },
    // Alertmanager tells of an alert older than the group wait at once, before the inhibiting one has to be there.
    startsAt: new Date(ended ? now - 60_000 : now).toISOString(),
    endsAt: new Date(ended ? now - 1000 : now + 600_000).toISOString(),
  }));
  const response = await fetch(`${alertmanagerUrl}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

const ask = async <T>(where: string): Promise<T> => (await fetch(inboxUrl + where)).json() as Promise<T>;
const incidents = async () => (await ask<{ incidents: Incident[] }>('/api/incidents')).incidents;
const messagesIn = async (channel: string) =>
  (await ask<{ messages: ReceivedMessage[] }>(`/api/messages?channel=${channel}`)).messages;
const titles = async (channel: string) =>
  (await messagesIn(channel)).map(({ message }) => message.attachments?.[0]?.title);

const critical = { alertname: 'HighErrorRatio', severity: 'critical', service: 'backend-api' };
const sameWarning = { ...critical, severity: 'warning' };
const otherWarning = { ...sameWarning, service: 'sync' };
const info = { alertname: 'UnparsedLogLines', severity: 'info', service: 'promtail' };

describe('a real Alertmanager and the inbox', () => {
  it('page once, tell each channel its own, and inhibit the lesser tier of the same service', async () => {
    await post([critical, sameWarning, otherWarning, info]);
    await post([{ alertname: 'Watchdog', severity: 'none' }]);
    // Warnings wait longer than pages: when the other service's has come, this one's would have, too.
    await waitFor('the other service’s warning', async () =>
      (await titles('alerts')).length > 0 ? true : undefined,
    );
    await waitFor('the info', async () => ((await titles('monitoring')).length > 0 ? true : undefined));
    await waitFor('a page', async () => ((await incidents()).length > 0 ? true : undefined));
    await waitFor('#incidents', async () => ((await titles('incidents')).length > 0 ? true : undefined));

    expect(await titles('alerts')).toEqual(['[WARNING] HighErrorRatio · sync (local)']);
    expect(await titles('monitoring')).toEqual(['[INFO] UnparsedLogLines · promtail (local)']);
    expect(await titles('incidents')).toEqual(['[CRITICAL] HighErrorRatio · backend-api (local)']);
    const [incident, ...others] = await incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      state: 'triggered',
      severity: 'critical',
      component: 'backend-api',
      summary: 'Requests to backend-api fail',
      links: [
        { href: runbook, text: 'Runbook' },
        { href: dashboard, text: 'Dashboard' },
      ],
      events: [{ action: 'trigger' }],
    });
  });

  it('show the message with its text, links and colour', async () => {
    const [received] = await messagesIn('incidents');
    const [attachment] = received?.message.attachments ?? [];
    expect(attachment).toMatchObject({ color: '#d32f2f', title_link: dashboard });
    expect(attachment?.text).toContain('*Requests to backend-api fail*\nUsers see failures now.');
    expect(attachment?.text).toContain(`<${runbook}|Runbook> · <${dashboard}|Dashboard>`);
  });

  it('beat the heart', async () => {
    await waitFor('a second heartbeat', async () => {
      const { heartbeat } = await ask<{ heartbeat: Heartbeat | null }>('/api/heartbeat');
      return heartbeat && heartbeat.count > 1 ? true : undefined;
    });
    expect(await incidents()).toHaveLength(1);
  });

  it('resolve the page and tell the channel', async () => {
    await post([critical, sameWarning], true);
    await waitFor('the resolution', async () =>
      (await incidents())[0]?.state === 'resolved' && (await titles('incidents')).length > 1
        ? true
        : undefined,
    );
    expect(await titles('incidents')).toEqual([
      '[RESOLVED] HighErrorRatio · backend-api (local)',
      '[CRITICAL] HighErrorRatio · backend-api (local)',
    ]);
    const [incident, ...others] = await incidents();
    expect(others).toEqual([]);
    expect(incident?.events.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
    expect((await messagesIn('incidents'))[0]?.message.attachments?.[0]?.color).toBe('#2e7d32');
    // The warning was inhibited all the time and is over: nobody hears of it.
    expect(await titles('alerts')).toEqual(['[WARNING] HighErrorRatio · sync (local)']);
  });
});
