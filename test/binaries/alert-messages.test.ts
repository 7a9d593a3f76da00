import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackAttachment } from '../../alerts/inbox/slack.ts';
import { inboxPath } from '../../alerts/receivers.ts';
import { type PostedAlert, type RunningAlertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { everyKindOf } from '../support/every-kind.ts';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder.ts';
import { type RunningInbox, startInbox } from '../support/inbox.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const run = promisify(execFile);

let directory: string;
let inbox: RunningInbox;
let teams: HttpRecorder;
let alertmanager: RunningAlertmanager;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'alert-messages-'));
  [inbox, teams] = await Promise.all([startInbox(path.join(directory, 'inbox')), startHttpRecorder()]);
  alertmanager = await startAlertmanager(directory, everyKindOf('127.0.0.1:1'), {
    timeScale: 60,
    // Slack and PagerDuty come to the inbox, which refuses what they would; all else to the recorder.
    resolveSecret: (secret) => ({
      kind: 'url',
      url: /INCIDENTS|PAGERDUTY/.test(secret.secretRef)
        ? inbox.url + inboxPath(secret)
        : `${teams.url}/${secret.secretRef}`,
    }),
  });
});

afterAll(async () => {
  await Promise.all([alertmanager?.stop(), inbox?.stop()]);
  await teams?.close();
  await rm(directory, { recursive: true, force: true });
});

const critical = (
  alertname: string,
  labels: Readonly<Record<string, string>>,
  annotations = {},
): PostedAlert => ({
  labels: { alertname, severity: 'critical', ...labels },
  annotations,
});

async function slackMessage(alertname: string): Promise<SlackAttachment> {
  return waitFor(`Slack's message about ${alertname}: ${alertmanager.output().slice(-2000)}`, async () => {
    const attachments = (await inbox.messages('incidents')).flatMap(
      ({ message }) => message.attachments ?? [],
    );
    return attachments.find(({ title }) => title?.includes(alertname));
  });
}
const incident = (alertname: string) =>
  waitFor(`PagerDuty's incident of ${alertname}`, async () =>
    (await inbox.incidents()).find((each) => JSON.stringify(each).includes(alertname)),
  );
const teamsText = async (alertname: string): Promise<string> => {
  const call = await waitFor(`Teams' message about ${alertname}`, () =>
    teams.callsTo('/HEARTBEAT_URL').find(({ body }) => body.includes(alertname)),
  );
  return JSON.parse(call.body).attachments[0].content.body[1].text;
};

const hostile = {
  cluster: 'c1',
  service: '<!channel> & "friends"',
  environment: 'prod|stage',
  team: '[x](http://evil.example)',
  path: 'C:\\temp "quoted" + more, {a="b"}',
};

describe('messages of a real Alertmanager', () => {
  it('show what would be markup as the text that it is', async () => {
    await alertmanager.post([
      critical('Hostile', hostile, {
        summary: '<http://evil.example|click> *me* <script>alert(1)</script>',
        description: 'disk: full {{ .Nothing }} – ünïcödé 🙂',
        runbook_url: 'https://runbooks.example.com/a|b c>',
      }),
    ]);
    const { title, text, fields } = await slackMessage('Hostile');
    expect(title).toBe('[CRITICAL] Hostile · &lt;!channel&gt; &amp; "friends" (prod|stage)');
    expect(text).toContain('&lt;http://evil.example|click&gt; *me* &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('disk: full {{ .Nothing }} – ünïcödé 🙂');
    expect(text).toContain('<https://runbooks.example.com/a%7Cb%20c%3E|Runbook>');
    expect(text).not.toContain('<!channel>');
    expect(fields?.map(({ value }) => value)).toContain('&lt;!channel&gt; &amp; "friends"');

    const page = await incident('Hostile');
    expect(page).toMatchObject({
      summary: '<http://evil.example|click> *me* <script>alert(1)</script>',
      details: {
        description: '\tdisk: full {{ .Nothing }} – ünïcödé 🙂',
        alerts: '\t<http://evil.example|click> *me* <script>alert(1)</script>\n',
        service: '\t<!channel> & "friends"',
      },
    });

    const card = await teamsText('Hostile');
    expect(card).toContain('\\[x\\]\\(http://evil.example\\)');
    expect(card).toContain('\\<script\\>');
  });

  it.each(['- {{ .Nothing }}', 'a: {{ .Nothing }}', '[{{ .Nothing }}]', '"{{ .Nothing }}"', '', '%'])(
    'page whatever the texts look like: %j',
    async (text) => {
      const alertname = `Odd${Buffer.from(text).toString('hex')}X`;
      const odd = critical(alertname, { service: text, team: text }, { summary: text, description: text });
      await alertmanager.post([odd]);
      const page = await incident(alertname);
      expect(page).toMatchObject({ state: 'triggered', summary: text || alertname });
      expect(page.details).toMatchObject({ description: `\t${text}`, team: `\t${text}` });
    },
  );

  it('offer a silence of exactly the alert, whatever its labels hold', async () => {
    await alertmanager.post([critical('Hostile', { ...hostile, path: 'another' })]);
    const { text = '' } = await slackMessage('Hostile');
    const [, link = ''] = /<([^<>]*)\|Silence>/.exec(text) ?? [];
    expect(link.startsWith(`${alertmanager.url}/#/silences/new?filter=%7B`)).toBe(true);
    const filter = decodeURIComponent(link.split('filter=')[1] ?? '');
    const matchers = filter.slice(1, -1).match(/\w+="(?:[^"\\]|\\.)*"/g) ?? [];
    expect(`{${matchers.join(', ')}}`).toBe(filter);
    const query = ['alert', 'query', '--output=json', `--alertmanager.url=${alertmanager.url}`, ...matchers];
    const { stdout } = await run(await toolPath('amtool'), query);
    const found: { labels: Record<string, string> }[] = JSON.parse(stdout);
    expect(found.map(({ labels }) => labels)).toEqual([
      { alertname: 'Hostile', severity: 'critical', ...hostile },
    ]);
  });

  it('are sent for an alert that has next to nothing', async () => {
    await alertmanager.post([critical('Bare', {})]);
    const { title, text, fields } = await slackMessage('Bare');
    expect(title).toBe('[CRITICAL] Bare');
    expect(text).toMatch(/^:rotating_light: \*Bare\*\n<[^<>]*\|Silence>\n$/);
    expect(fields?.map(({ value }) => value)).toEqual(['critical', '–', '–', '–']);
    expect(await incident('Bare')).toMatchObject({ summary: 'Bare', source: alertmanager.url });
    expect(await teamsText('Bare')).toContain('**Bare**');
  });

  it('cut long texts and long lists, and say so', async () => {
    const long = 'x'.repeat(20_000);
    const many = Array.from({ length: 60 }, (_, index) =>
      critical(
        'Many',
        { cluster: 'c1', service: 's', pod: `pod-${index}` },
        { summary: `pod ${index} ${long}` },
      ),
    );
    await alertmanager.post(many);
    const { title, text = '' } = await slackMessage('Many');
    expect(title).toBe('[CRITICAL × 60] Many · s');
    expect(text.match(/:rotating_light:/g)).toHaveLength(10);
    expect(text).toContain('x…*');
    expect(text).toContain('… 60 alerts in all.');
    expect(text.length).toBeLessThan(20_000);
    const page = await incident('Many');
    expect(page.summary.length).toBeLessThanOrEqual(1024);
    expect((await teamsText('Many')).length).toBeLessThan(20_000);
  });

  it('have a key for PagerDuty that a group keeps to its end, and no other group has', async () => {
    const about = (service: string) => critical('Keyed', { cluster: 'c1', service });
    await alertmanager.post([about('one'), about('two')]);
    const keyed = () => inbox.incidents().then((all) => all.filter(({ summary }) => summary === 'Keyed'));
    await waitFor('two incidents', async () => ((await keyed()).length === 2 ? true : undefined));
    await alertmanager.post([about('one')], 'ended');
    const [one, two] = await waitFor('one of them to end', async () => {
      const found = await keyed();
      return found.some(({ state }) => state === 'resolved')
        ? found.toSorted((a, b) => a.component.localeCompare(b.component))
        : undefined;
    });
    expect(one).toMatchObject({ component: 'one', state: 'resolved' });
    expect(one?.events.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
    expect(two).toMatchObject({ component: 'two', state: 'triggered' });
    expect(one?.dedupKey).not.toBe(two?.dedupKey);
  });
});
