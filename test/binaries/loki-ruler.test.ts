import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logged, pushed, requestFailed } from '../../alerts/log-scenarios/lines.ts';
import { inboxPath } from '../../alerts/receivers.ts';
import { routingFor } from '../../alerts/routing.ts';
import { allLogRules, allRules, logRulesByDomain } from '../../alerts/rules/index.ts';
import { environmentStack } from '../../infra/environment.ts';
import { renderLoki } from '../../infra/render/loki.ts';
import { renderLogRules } from '../../infra/render/rules.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { type RunningAlertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { type RunningInbox, startInbox } from '../support/inbox.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool, toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

/** The ruler evaluates every six seconds, and a window of five minutes is one of thirty seconds. */
const timeScale = 10;

interface RulerRule {
  readonly name: string;
  readonly query: string;
  readonly state: string;
  readonly health: string;
  readonly lastError: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}
interface RulerGroup {
  readonly name: string;
  readonly interval: number;
  readonly lastEvaluation: string;
  readonly rules: readonly RulerRule[];
}

const stack = { ...environmentStack('local'), timeScale };
const baseUrls = {
  dashboards: 'http://127.0.0.1:3001',
  explore: 'http://127.0.0.1:3001',
  runbooks: 'http://127.0.0.1:3002/runbooks/{id}',
};

describe('Loki’s ruler', () => {
  let directory: string;
  let lokiUrl: string;
  let loki: RunningTool;
  let alertmanager: RunningAlertmanager;
  let inbox: RunningInbox;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'loki-ruler-'));
    inbox = await startInbox(path.join(directory, 'inbox'));
    alertmanager = await startAlertmanager(path.join(directory, 'alertmanager'), routingFor(allRules), {
      timeScale,
      resolveSecret: (secret) => ({ kind: 'url', url: inbox.url + inboxPath(secret) }),
    });
    const rulesDir = path.join(directory, 'log-rules');
    await mkdir(path.join(rulesDir, platformTenant), { recursive: true });
    const rules = renderLogRules(logRulesByDomain, {
      thresholds: {},
      timeScale,
      cluster: 'local',
      environment: 'local',
      baseUrls,
    });
    await writeFile(path.join(rulesDir, platformTenant, 'sightline.yml'), rules);
    const [port = 0, grpcPort = 0] = await freePorts(2);
    lokiUrl = `http://127.0.0.1:${port}`;
    const config = renderLoki(stack, {
      dataDir: path.join(directory, 'loki'),
      listen: { host: '127.0.0.1', port, grpcPort },
      ruler: { rulesDir, alertmanager: new URL(alertmanager.url).host },
    });
    await writeFile(path.join(directory, 'loki.yaml'), config);
    loki = startTool(await toolPath('loki'), [`-config.file=${path.join(directory, 'loki.yaml')}`]);
    await waitFor('Loki', async () => ((await fetch(`${lokiUrl}/ready`)).ok ? true : undefined));
  });

  afterAll(async () => {
    await Promise.all([loki?.stop(), alertmanager?.stop(), inbox?.stop()]);
    await rm(directory, { recursive: true, force: true });
  });

  const ask = (where: string): Promise<Response> =>
    fetch(lokiUrl + where, { headers: { 'x-scope-orgid': platformTenant } });
  const groups = async (): Promise<readonly RulerGroup[]> =>
    ((await (await ask('/prometheus/api/v1/rules')).json()) as { data: { groups: RulerGroup[] } }).data
      .groups;
  const rules = async () => (await groups()).flatMap((group) => group.rules);

  it('has loaded every rule of the platform’s tenant, and none of another’s', async () => {
    const names = allLogRules.map(({ name }) => name).sort();
    const stored = await waitFor('the rules', async () => {
      const answer = await ask('/loki/api/v1/rules');
      return answer.ok ? answer.text() : undefined;
    });
    for (const name of names) expect(stored).toContain(`alert: ${name}`);
    await waitFor('the ruler', async () => ((await rules()).length > 0 ? true : undefined));
    expect((await rules()).map(({ name }) => name).sort()).toEqual(names);
    expect(new Set((await groups()).map(({ interval }) => interval))).toEqual(new Set([6]));
    const other = await fetch(`${lokiUrl}/prometheus/api/v1/rules`, {
      headers: { 'x-scope-orgid': 'other' },
    });
    expect(await other.text()).not.toContain('PasswordGuessing');
  });

  it('evaluates all of them without an error while there are lines', async () => {
    // What fires before is sent to nobody, and the next time only a minute later.
    await waitFor('the ruler to know its Alertmanager', async () =>
      /loki_prometheus_notifications_alertmanagers_discovered\{.*\} [1-9]/.test(
        await (await fetch(`${lokiUrl}/metrics`)).text(),
      )
        ? true
        : undefined,
    );
    const start = Date.now() - 15_000;
    const failed = { http_request_method: 'POST', http_route: '/tasks', duration_ms: 1 } as const;
    const lines = [
      logged('login_refused', { user_id: 'ann', reason: 'wrong' }, { at: '0s', times: 11 }),
      logged('outbox_waiting', { attempt: 2, reason: 'no', error: new Error('no') }, { at: '0s' }),
      logged('websocket_disconnected', { reason: 'dropped', user_id: 'ann' }, { at: '0s' }),
      logged('event_published', { topic: 'reminders', event_id: '1', event_type: 'x' }, { at: '0s' }),
      logged('audit_entry_written', { event_id: '1', event_type: 'x' }, { at: '1s' }),
      requestFailed(
        'backend-api',
        { ...failed, http_response_status_code: 500, user_id: 'ann' },
        { at: '0s' },
      ),
    ];
    const answer = await fetch(`${lokiUrl}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'x-scope-orgid': platformTenant, 'content-type': 'application/json' },
      body: JSON.stringify({ streams: lines.map((writing) => pushed(writing, start)) }),
    });
    expect(answer.status).toBe(204);
    const since = Date.now();
    const evaluated = await waitFor('an evaluation of every group', async () => {
      const all = await groups();
      const done = all.every(({ lastEvaluation }) => Date.parse(lastEvaluation) > since);
      return done ? all.flatMap((group) => group.rules) : undefined;
    });
    const troubled = evaluated.filter(({ health, lastError }) => health !== 'ok' || lastError !== '');
    expect(troubled.map(({ name, lastError }) => `${name}: ${lastError}`)).toEqual([]);
  });

  it('raises an alert that reaches its channel, with the labels and links that every alert has', async () => {
    const received = await waitFor('the message', async () => (await inbox.messages('alerts'))[0]);
    const [attachment] = received.message.attachments ?? [];
    expect(attachment?.title).toBe('[WARNING] PasswordGuessing · backend-api (local)');
    const text = JSON.stringify(received.message);
    expect(text).toContain('11 logins of one account at backend-api were refused');
    expect(text).toContain('http://127.0.0.1:3002/runbooks/password-guessing');
    expect(text).toContain('http://127.0.0.1:3001/d/task-work?');
    expect(text).toContain('login%20refused');
    const alerts = (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as readonly {
      readonly labels: Readonly<Record<string, string>>;
      readonly generatorURL: string;
    }[];
    expect(alerts.map(({ labels }) => labels)).toEqual([
      {
        alertname: 'PasswordGuessing',
        severity: 'warning',
        team: 'tasks',
        cluster: 'local',
        environment: 'local',
        namespace: 'tasks',
        service: 'backend-api',
      },
    ]);
    expect(alerts[0]?.generatorURL).toContain(`${stack.urls.explore}/explore?`);
  });

  it('and ends it when nobody guesses any more', async () => {
    const titles = await waitFor('the message that it is over', async () => {
      const found = (await inbox.messages('alerts')).map(({ message }) => message.attachments?.[0]?.title);
      return found.length > 1 ? found : undefined;
    });
    expect(titles).toEqual([
      '[RESOLVED] PasswordGuessing · backend-api (local)',
      '[WARNING] PasswordGuessing · backend-api (local)',
    ]);
  });
});
