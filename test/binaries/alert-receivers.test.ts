import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SecretName } from '../../telemetry/contract/secrets.ts';
import { type RunningAlertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { everyKindOf } from '../support/every-kind.ts';
import { type HttpRecorder, type RecordedCall, startHttpRecorder } from '../support/http-recorder.ts';
import { type ReceivedMail, type SmtpServer, startSmtpServer } from '../support/smtp-server.ts';
import { waitFor } from '../support/wait.ts';

/** Waits of 10 s and 1 min become less than a second and 1 s. */
const timeScale = 60;
const token = 'a-token-that-is-secret';

let directory: string;
let recorder: HttpRecorder;
let smtp: SmtpServer;
let alertmanager: RunningAlertmanager;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'alert-receivers-'));
  [recorder, smtp] = await Promise.all([startHttpRecorder(), startSmtpServer()]);
  const secrets: Partial<Record<SecretName, string>> = {
    SLACK_WEBHOOK_URL_INCIDENTS: `${recorder.url}/slack`,
    SLACK_WEBHOOK_URL_MONITORING: `${recorder.url}/second-slack`,
    SLACK_WEBHOOK_URL_ALERTS: `${recorder.url}/incidentio`,
    HEARTBEAT_URL: `${recorder.url}/msteams`,
    DEADMAN_WEBHOOK_URL: `${recorder.url}/webhook`,
    SLACK_WEBHOOK_URL_COMPLIANCE: token,
  };
  const secretFile = (name: SecretName): string => path.join(directory, 'secrets', name);
  await mkdir(path.join(directory, 'secrets'));
  // A file that a person wrote ends in a line break.
  for (const [name, value] of Object.entries(secrets))
    await writeFile(secretFile(name as SecretName), `${value}\n`);
  alertmanager = await startAlertmanager(directory, everyKindOf(`127.0.0.1:${smtp.port}`), {
    timeScale,
    resolveSecret: ({ secretRef }) =>
      secretRef in secrets
        ? { kind: 'file', path: secretFile(secretRef) }
        : { kind: 'url', url: `${recorder.url}/pagerduty` },
  });
});

afterAll(async () => {
  await alertmanager?.stop();
  await Promise.all([recorder?.close(), smtp?.close()]);
  await rm(directory, { recursive: true, force: true });
});

const labels = {
  alertname: 'AuditRequestErrorsBurnRate',
  severity: 'critical',
  cluster: 'c1',
  environment: 'prod',
  service: 'audit',
  team: 'platform',
};
const annotations = {
  summary: 'Requests to audit fail',
  description: 'Users see failures now.',
  runbook_url: 'https://runbooks.example.com/slo-errors-burn-rate',
  dashboard_url: 'https://grafana.example.com/d/service-overview?var-service=audit&from=now-1h&to=now',
  logs_url: 'https://grafana.example.com/explore?panes=%7B%22a%22%3A1%7D',
  saved_query_url: 'https://grafana.example.com/explore?panes=%7B%22a%22%3A2%7D&orgId=1',
};
const firing = { labels, annotations };

const callTo = (where: string, count = 1): Promise<RecordedCall> =>
  waitFor(`call ${count} to ${where}: ${alertmanager.output().slice(-2000)}`, () =>
    recorder.callsTo(where).at(count - 1),
  );
const mail = (count: number): Promise<ReceivedMail> =>
  waitFor(`mail ${count}: ${alertmanager.output().slice(-2000)}`, () => smtp.mails[count - 1]);

/** Alertmanager's own JSON. */
const ownJson = z.object({
  version: z.string(),
  groupKey: z.string(),
  status: z.string(),
  truncatedAlerts: z.number(),
  commonLabels: z.record(z.string(), z.string()),
  alerts: z.array(z.object({ status: z.string(), annotations: z.record(z.string(), z.string()) })),
});

const silence = (url: string): string =>
  `${url}/#/silences/new?filter=%7Balertname%3D%22AuditRequestErrorsBurnRate%22%2C%20cluster%3D%22c1%22%2C%20environment%3D%22prod%22%2C%20service%3D%22audit%22%2C%20severity%3D%22critical%22%2C%20team%3D%22platform%22%7D`;

describe('a real Alertmanager tells receivers of every kind', () => {
  beforeAll(() => alertmanager.post([firing]));

  it('Slack: fields, colour, links, and both channels of one receiver', async () => {
    const body = JSON.parse((await callTo('/slack')).body);
    expect(body.channel).toBe('#incidents');
    expect(body.attachments[0]).toMatchObject({
      color: '#d32f2f',
      title: '[CRITICAL] AuditRequestErrorsBurnRate · audit (prod)',
      title_link: annotations.dashboard_url,
      fallback: '[CRITICAL] AuditRequestErrorsBurnRate · audit (prod): Requests to audit fail',
      fields: [
        { title: 'Severity', value: 'critical', short: true },
        { title: 'Service', value: 'audit', short: true },
        { title: 'Environment', value: 'prod', short: true },
        { title: 'Team', value: 'platform', short: true },
      ],
      text: [
        ':rotating_light: *Requests to audit fail*',
        'Users see failures now.',
        `<${annotations.runbook_url}|Runbook> · <${annotations.dashboard_url}|Dashboard> · <${annotations.logs_url}|Logs> · <${silence(alertmanager.url)}|Silence>`,
        `<${annotations.saved_query_url}|Saved query about it>\n`,
      ].join('\n'),
    });
    expect(JSON.parse((await callTo('/second-slack')).body).channel).toBe('#monitoring');
  });

  it('PagerDuty: an event with its severity, details and links', async () => {
    const event = JSON.parse((await callTo('/pagerduty')).body);
    expect(event).toMatchObject({
      event_action: 'trigger',
      client: 'Sightline',
      payload: {
        summary: 'Requests to audit fail',
        source: 'c1',
        severity: 'critical',
        component: 'audit',
        group: 'prod',
        class: 'AuditRequestErrorsBurnRate',
        custom_details: {
          description: '\tUsers see failures now.',
          severity: '\tcritical',
          service: '\taudit',
          environment: '\tprod',
          team: '\tplatform',
          firing: 1,
          alerts: '\tRequests to audit fail\n',
          silence: silence(alertmanager.url),
        },
      },
      links: [
        { href: annotations.runbook_url, text: 'Runbook' },
        { href: annotations.dashboard_url, text: 'Dashboard' },
        { href: annotations.logs_url, text: 'Logs' },
        { href: annotations.saved_query_url, text: 'Saved query' },
        { href: silence(alertmanager.url), text: 'Silence' },
      ],
    });
  });

  it('Microsoft Teams: an adaptive card', async () => {
    const { attachments } = JSON.parse((await callTo('/msteams')).body);
    const [title, text] = attachments[0].content.body;
    expect(title.text).toBe('[CRITICAL] AuditRequestErrorsBurnRate · audit (prod)');
    expect(text.text).toContain('**Requests to audit fail**\n\nUsers see failures now.');
    expect(text.text).toContain('Severity critical, team platform');
    expect(text.text).toContain(`[Runbook](${annotations.runbook_url})`);
    expect(text.text).toContain(`[Silence](${silence(alertmanager.url)})`);
    expect(text.text).toContain(`[Saved query about it](${annotations.saved_query_url})`);
  });

  it.each(['/incidentio', '/webhook'])('%s: Alertmanager’s own JSON, with the token', async (where) => {
    const call = await callTo(where);
    expect(call.headers.authorization).toBe(`Bearer ${token}`);
    const message = ownJson.parse(JSON.parse(call.body));
    expect(message).toMatchObject({ status: 'firing', truncatedAlerts: 0, commonLabels: labels });
    expect(message.alerts).toEqual([{ status: 'firing', annotations }]);
  });

  it('mail: to everybody, with the password, as text and as HTML', async () => {
    const received = await mail(1);
    expect(received).toMatchObject({
      username: 'alerts',
      password: token,
      from: 'alerts@example.com',
      to: ['on-call@example.com', 'second@example.com'],
    });
    const { subject, text, html } = readMail(received.raw);
    expect(subject).toBe('[CRITICAL] AuditRequestErrorsBurnRate · audit (prod)');
    expect(text).toContain(
      'Requests to audit fail\nUsers see failures now.\nSeverity: critical  Team: platform',
    );
    expect(text).toContain(`Silence: ${silence(alertmanager.url)}`);
    expect(text).toContain(`Saved query about it: ${annotations.saved_query_url}`);
    expect(html).toContain('<h3>Requests to audit fail</h3>');
    expect(html).toContain(`<a href="${annotations.dashboard_url.replaceAll('&', '&amp;')}">Dashboard</a>`);
    expect(html).toContain(`<a href="${silence(alertmanager.url)}">Silence</a>`);
  });

  it('all of them: that it is over', async () => {
    await alertmanager.post([firing], 'ended');
    const event = JSON.parse((await callTo('/pagerduty', 2)).body);
    expect(event).toMatchObject({
      event_action: 'resolve',
      dedup_key: JSON.parse((await callTo('/pagerduty')).body).dedup_key,
    });
    expect(JSON.parse((await callTo('/slack', 2)).body).attachments[0]).toMatchObject({
      title: '[RESOLVED] AuditRequestErrorsBurnRate · audit (prod)',
      color: '#2e7d32',
      text: expect.stringMatching(/^:white_check_mark: .*resolved\n$/s),
    });
    expect((await callTo('/msteams', 2)).body).toContain('[RESOLVED] AuditRequestErrorsBurnRate');
    for (const where of ['/incidentio', '/webhook'])
      expect(ownJson.parse(JSON.parse((await callTo(where, 2)).body)).status).toBe('resolved');
    expect(readMail((await mail(2)).raw).subject).toBe(
      '[RESOLVED] AuditRequestErrorsBurnRate · audit (prod)',
    );
  });
});

/** The subject and the two bodies, decoded. */
function readMail(raw: string): { readonly subject: string; readonly text: string; readonly html: string } {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const boundary = /boundary=(\S+)/.exec(head)?.[1] ?? '';
  const part = (type: string): string => {
    const found = raw.split(`--${boundary}`).find((each) => each.includes(`Content-Type: ${type}`));
    return quotedPrintable(found?.slice(found.indexOf('\r\n\r\n') + 4) ?? '').replaceAll('\r\n', '\n');
  };
  const subject = /^Subject: ((?:.*)(?:\r\n[ \t].*)*)/m.exec(head)?.[1] ?? '';
  return { subject: encodedWords(subject), text: part('text/plain'), html: part('text/html') };
}

const quotedPrintable = (text: string): string =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

const encodedWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?q\?([^?]*)\?=/gi, (_, word) => quotedPrintable(word.replaceAll('_', ' ')));
