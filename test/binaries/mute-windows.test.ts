import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MuteWindow } from '../../alerts/mute-windows.ts';
import { inboxPath } from '../../alerts/receivers.ts';
import { routingFor } from '../../alerts/routing.ts';
import { allRules } from '../../alerts/rules/index.ts';
import { type RunningAlertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { type RunningInbox, startInbox } from '../support/inbox.ts';
import { waitFor } from '../support/wait.ts';

const everyDay: Omit<MuteWindow, 'name' | 'quiet' | 'severities'> = {
  because: 'a test',
  timeZone: 'Asia/Kathmandu',
  weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
};

let directory: string;
let inbox: RunningInbox;
let alertmanager: RunningAlertmanager;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'mute-windows-'));
  inbox = await startInbox(path.join(directory, 'inbox'));
  const muteWindows: readonly MuteWindow[] = [
    { ...everyDay, name: 'all-day', quiet: 'inside', severities: ['warning'] },
    { ...everyDay, name: 'never', quiet: 'outside', severities: ['info'] },
  ];
  alertmanager = await startAlertmanager(directory, routingFor(allRules, { muteWindows }), {
    timeScale: 60,
    resolveSecret: (secret) => ({ kind: 'url', url: inbox.url + inboxPath(secret) }),
  });
});

afterAll(async () => {
  await Promise.all([alertmanager?.stop(), inbox?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

it('a real Alertmanager keeps quiet inside a window that mutes, and outside one that does not, but pages', async () => {
  const alerts = ['warning', 'critical', 'info'].map((severity) => ({
    labels: { alertname: 'Sample', severity, service: severity, cluster: 'c1' },
    annotations: { summary: severity },
  }));
  await alertmanager.post(alerts);
  await waitFor('the page and the info', async () => {
    const channels = (await inbox.messages()).map(({ channel }) => channel);
    return channels.includes('incidents') && channels.includes('monitoring') ? true : undefined;
  });
  await waitFor('Alertmanager to say that it mutes the warning', async () => {
    const metrics = await (await fetch(`${alertmanager.url}/metrics`)).text();
    return /alertmanager_notifications_suppressed_total\{reason="(mute|active)_time_interval"\} [1-9]/.test(
      metrics,
    )
      ? true
      : undefined;
  });
  expect((await inbox.messages('alerts')).map(({ message }) => message)).toEqual([]);
  expect(await inbox.incidents()).toHaveLength(1);
});
