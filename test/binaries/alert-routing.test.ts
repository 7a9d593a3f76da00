import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import PQueue from 'p-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { teamOf } from '../../alerts/ownership.ts';
import { inboxPath } from '../../alerts/receivers.ts';
import { routesTaken } from '../../alerts/route-alert.ts';
import { type Routing, routingFor } from '../../alerts/routing.ts';
import { type AnyAlertRule, ruleId } from '../../alerts/rule.ts';
import { environmentNames } from '../../infra/config/names.ts';
import { services } from '../../telemetry/contract/services.ts';
import { writeAlertmanagerFiles } from '../support/alertmanager.ts';
import { environmentStack, everyAlert } from '../support/every-alert.ts';
import { everyKind } from '../support/every-kind.ts';
import { toolPath } from '../support/tools.ts';
import { receiversOf } from '../support/who-is-told.ts';

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

const muted = routingFor(everyAlert, {
  muteWindows: [
    {
      name: 'nights',
      because: 'a test',
      severities: ['warning', 'info'],
      quiet: 'outside',
      timeZone: 'America/St_Johns',
      weekdays: ['monday', 'friday'],
      times: ['08:00-12:00', '13:00-24:00'],
    },
  ],
});

describe('amtool', () => {
  it.each([
    ['ours', routingFor(everyAlert)],
    ['ours where nobody is paged', routingFor(everyAlert, { paging: false })],
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

type Labels = Readonly<Record<string, string>>;

/** One alert of the rule for each team that it may belong to. */
function alertsOf(rule: AnyAlertRule): readonly Labels[] {
  const subjects = rule.by.includes('service') ? [...Object.keys(services), 'some-component'] : [undefined];
  const alerts = subjects.map((service) => {
    const labels = { alertname: rule.name, severity: rule.severity, ...(service && { service }) };
    return { ...labels, team: teamOf(rule, labels) };
  });
  return [...Map.groupBy(alerts, ({ team }) => team).values()].flatMap(([first]) => first ?? []);
}

/** The first alert of each severity and team, whatever its rule. */
const ofEachSort = (alerts: readonly Labels[]): readonly Labels[] => [
  ...new Map(alerts.map((labels) => [`${labels.severity} ${labels.team}`, labels])).values(),
];

describe('every rule', () => {
  /** What the real router answers. */
  const route = async (routing: Routing, alerts: readonly Labels[]) => {
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
    const routing = routingFor(everyAlert);
    const all = everyAlert.map(alertsOf);
    const told = (alerts: readonly Labels[], receivers: readonly (readonly string[])[]) =>
      alerts.map((labels, index) => `${JSON.stringify(labels)} -> ${receivers[index]?.join(', ')}`);

    // What `npm run check` judges by is asked about each rule and team, the real router about each rule (now of this
    // team, now of that) and each sort; where both are asked they must agree.
    const ours = (alerts: readonly Labels[]) =>
      told(
        alerts,
        alerts.map((labels) => routesTaken(routing, labels).map(({ receiver }) => receiver)),
      );
    expect(ours(all.flat())).toEqual(told(all.flat(), all.flat().map(receiversOf)));
    const asked = [
      ...all.flatMap((alerts, index) => alerts.slice(index % alerts.length).slice(0, 1)),
      ...ofEachSort(all.flat()),
    ];
    expect(new Set(asked.map(({ alertname, severity }) => `${alertname}-${severity}`))).toEqual(
      new Set(everyAlert.map(ruleId)),
    );
    const answers = told(asked, await route(routing, asked));
    expect(answers).toEqual(told(asked, asked.map(receiversOf)));
    expect(answers).toEqual(ours(asked));
  });

  it.each(environmentNames)('goes the same ways in %s, whoever is paged there', (name) => {
    const { routing } = environmentStack(name);
    expect(routing.root).toEqual(routingFor(everyAlert).root);
  });

  it('of a severity that no route knows, or with none, goes to the root’s receiver', async () => {
    const strangers = [
      { alertname: 'Any', severity: 'unheard-of', team: 'compliance' },
      { alertname: 'Any', service: 'sync' },
      { alertname: 'AnyOther', severity: 'none' },
    ];
    expect(await route(routingFor(everyAlert), strangers)).toEqual([['alerts'], ['alerts'], ['alerts']]);
  });
});
