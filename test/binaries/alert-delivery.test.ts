import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Heartbeat } from '../../alerts/inbox/store.ts';
import { inboxPath } from '../../alerts/receivers.ts';
import { routingFor } from '../../alerts/routing.ts';
import { allRules } from '../../alerts/rules/index.ts';
import { type RunningAlertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { type RunningInbox, startInbox } from '../support/inbox.ts';
import { waitFor } from '../support/wait.ts';

/** Waits of 10 s and 1 min become 1 s and 6 s. */
const timeScale = 10;

let directory: string;
let alertmanager: RunningAlertmanager;
let inbox: RunningInbox;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'alert-delivery-'));
  inbox = await startInbox(path.join(directory, 'inbox'));
  alertmanager = await startAlertmanager(directory, routingFor(allRules), {
    timeScale,
    resolveSecret: (secret) => ({ kind: 'url', url: inbox.url + inboxPath(secret) }),
  });
});

afterAll(async () => {
  await Promise.all([alertmanager?.stop(), inbox?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

interface Alert {
  readonly alertname: string;
  readonly severity: string;
  readonly service?: string;
}

const runbook = 'http://127.0.0.1:3002/runbooks/slo-errors-burn-rate';
const dashboard = 'http://127.0.0.1:3001/d/slos?var-service=backend-api&from=now-1h&to=now';

const post = (alerts: readonly Alert[], ended?: 'ended'): Promise<void> =>
  alertmanager.post(
    alerts.map((labels) => ({
      labels: { cluster: 'local', environment: 'local', namespace: 'tasks', ...labels },
      annotations: {
        summary: `Requests to ${labels.service} fail`,
        description: 'Users see failures now.',
        runbook_url: runbook,
        dashboard_url: dashboard,
      },
    })),
    ended,
  );

const titles = async (channel: string) =>
  (await inbox.messages(channel)).map(({ message }) => message.attachments?.[0]?.title);
const incidents = () => inbox.incidents();

const critical = {
  alertname: 'BackendApiRequestErrorsBurnRate',
  severity: 'critical',
  service: 'backend-api',
  slo: 'backend-api-request-errors',
};
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

    expect(await titles('alerts')).toEqual(['[WARNING] BackendApiRequestErrorsBurnRate · sync (local)']);
    expect(await titles('monitoring')).toEqual(['[INFO] UnparsedLogLines · promtail (local)']);
    expect(await titles('incidents')).toEqual([
      '[CRITICAL] BackendApiRequestErrorsBurnRate · backend-api (local)',
    ]);
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
        { text: 'Silence' },
      ],
      events: [{ action: 'trigger' }],
    });
  });

  it('show the message with its text, links and colour', async () => {
    const [received] = await inbox.messages('incidents');
    const [attachment] = received?.message.attachments ?? [];
    expect(attachment).toMatchObject({ color: '#d32f2f', title_link: dashboard });
    expect(attachment?.text).toContain('*Requests to backend-api fail*\nUsers see failures now.');
    expect(attachment?.text).toContain(`<${runbook}|Runbook> · <${dashboard}|Dashboard>`);
  });

  it('beat the heart', async () => {
    await waitFor('a second heartbeat', async () => {
      const { heartbeat } = await inbox.ask<{ heartbeat: Heartbeat | null }>('/api/heartbeat');
      return heartbeat && heartbeat.count > 1 ? true : undefined;
    });
    expect(await incidents()).toHaveLength(1);
  });

  it('resolve the page and tell the channel', async () => {
    await post([critical, sameWarning], 'ended');
    await waitFor('the resolution', async () =>
      (await incidents())[0]?.state === 'resolved' && (await titles('incidents')).length > 1
        ? true
        : undefined,
    );
    expect(await titles('incidents')).toEqual([
      '[RESOLVED] BackendApiRequestErrorsBurnRate · backend-api (local)',
      '[CRITICAL] BackendApiRequestErrorsBurnRate · backend-api (local)',
    ]);
    const [incident, ...others] = await incidents();
    expect(others).toEqual([]);
    expect(incident?.events.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
    expect((await inbox.messages('incidents'))[0]?.message.attachments?.[0]?.color).toBe('#2e7d32');
    // The warning was inhibited all the time and is over: nobody hears of it.
    expect(await titles('alerts')).toEqual(['[WARNING] BackendApiRequestErrorsBurnRate · sync (local)']);
  });
});
