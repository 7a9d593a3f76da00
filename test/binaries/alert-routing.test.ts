import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import PQueue from 'p-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { teamOf } from '../../alerts/ownership.ts';
import { inboxPath, type Receiver } from '../../alerts/receivers.ts';
import { routesTaken } from '../../alerts/route-alert.ts';
import { type Routing, routingFor } from '../../alerts/routing.ts';
import { type AnyAlertRule, ruleId } from '../../alerts/rule.ts';
import { allRules } from '../../alerts/rules/index.ts';
import { environmentNames } from '../../infra/config/names.ts';
import { readEnvironment } from '../../infra/config.ts';
import { buildEnvironment } from '../../infra/stack.ts';
import type { Severity } from '../../telemetry/contract/links.ts';
import { services } from '../../telemetry/contract/services.ts';
import type { Team } from '../../telemetry/contract/teams.ts';
import { writeAlertmanagerFiles } from '../support/alertmanager.ts';
import { everyKind } from '../support/every-kind.ts';
import { toolPath } from '../support/tools.ts';

const run = promisify(execFile);

let directory: string;
let amtool: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'alert-routing-'));
  amtool = await toolPath('amtool');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let written = 0;
const write = (routing: Routing, kind: 'file' | 'url'): Promise<string> =>
  writeAlertmanagerFiles(path.join(directory, String(written++)), routing, {
    timeScale: 1,
    resolveSecret: (secret) =>
      kind === 'file'
        ? { kind, path: `/run/secrets/${secret.secretRef}` }
        : { kind, url: `http://127.0.0.1:3002${inboxPath(secret)}` },
  });
const check = async (config: string): Promise<string> => (await run(amtool, ['check-config', config])).stdout;

const muted = routingFor(allRules, {
  muteWindows: [
    {
      name: 'nights',
      because: 'a test',
      severities: ['warning', 'info'],
      quiet: 'outside',
      timeZone: 'America/St_Johns',
      weekdays: ['monday', 'friday'],
      times: [
        { from: '08:00', to: '12:00' },
        { from: '13:00', to: '24:00' },
      ],
    },
  ],
});

describe('amtool', () => {
  it.each([
    ['ours', routingFor(allRules)],
    ['ours where nobody is paged', routingFor(allRules, { paging: false })],
    ['one with mute windows', muted],
    ['one with every kind of receiver', everyKind],
  ])('accepts the configuration: %s', async (_, routing) => {
    for (const kind of ['file', 'url'] as const) {
      const said = await check(await write(routing, kind));
      expect(said).toContain(`${routing.receivers.length} receivers`);
      expect(said).toContain(`${routing.inhibitions.length} inhibit rules`);
      expect(said).toContain('1 templates');
    }
  });
});

const links = { prometheus: '', alertmanager: '', dashboards: '', explore: '', runbooks: '' };

/** Who is told of what, written down once more: the routing is not its own witness. */
const told: Readonly<Record<Severity, readonly Receiver['name'][]>> = {
  critical: ['incidents'],
  warning: ['alerts'],
  info: ['monitoring'],
  none: ['heartbeat'],
};
const toldBesides: Readonly<Partial<Record<Team, readonly Severity[]>>> = {
  compliance: ['critical', 'warning'],
};

/** One alert of the rule for each team that it may belong to. */
function alertsOf(rule: AnyAlertRule): readonly Readonly<Record<string, string>>[] {
  const subjects = rule.by.includes('service') ? [...Object.keys(services), 'some-component'] : [undefined];
  const alerts = subjects.map((service) => {
    const labels = { alertname: rule.name, severity: rule.severity, ...(service && { service }) };
    return { ...labels, team: teamOf(rule, labels) };
  });
  return [...Map.groupBy(alerts, ({ team }) => team).values()].flatMap(([first]) => first ?? []);
}

describe('every rule', () => {
  /** What the real router answers, two at a time. */
  const route = async (routing: Routing, alerts: readonly Readonly<Record<string, string>>[]) => {
    const config = `--config.file=${await write(routing, 'file')}`;
    const queue = new PQueue({ concurrency: 4 });
    return queue.addAll(
      alerts.map((labels) => async () => {
        const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
        const { stdout } = await run(amtool, ['config', 'routes', 'test', config, ...pairs]);
        return stdout.trim().split(',');
      }),
    );
  };

  it('goes to the receivers of its severity and team', async () => {
    const routing = routingFor(allRules);
    const alerts = allRules.flatMap((rule) => alertsOf(rule).map((labels) => ({ rule, labels })));
    expect(new Set(alerts.map(({ rule }) => ruleId(rule))).size).toBe(allRules.length);
    const answers = await route(
      routing,
      alerts.map(({ labels }) => labels),
    );
    const expected = alerts.map(({ rule: { severity }, labels: { team } }) => [
      ...(toldBesides[team as Team]?.includes(severity) ? ['compliance'] : []),
      ...told[severity],
    ]);
    const line = (index: number, receivers: readonly string[]) =>
      `${JSON.stringify(alerts[index]?.labels)} -> ${receivers.join(', ')}`;
    expect(answers.map((receivers, index) => line(index, receivers))).toEqual(
      expected.map((receivers, index) => line(index, receivers)),
    );
    // Our own idea of the router, by which `npm run check` judges, is the same.
    expect(alerts.map(({ labels }) => routesTaken(routing, labels).map(({ receiver }) => receiver))).toEqual(
      answers,
    );
  });

  it.each(environmentNames)('goes the same ways in %s, whoever is paged there', (name) => {
    const { routing } = buildEnvironment({ config: readEnvironment(name), urls: links });
    expect(routing.root).toEqual(routingFor(allRules).root);
  });

  it('of a severity that no route knows, or with none, goes to the root’s receiver', async () => {
    const strangers = [
      { alertname: 'Any', severity: 'unheard-of', team: 'compliance' },
      { alertname: 'Any', service: 'sync' },
      { alertname: 'AnyOther', severity: 'none' },
    ];
    expect(await route(routingFor(allRules), strangers)).toEqual([['alerts'], ['alerts'], ['alerts']]);
  });
});
