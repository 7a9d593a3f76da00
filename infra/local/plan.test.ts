import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { repositoryRoot } from '../repository.ts';
import { planLocal } from './plan.ts';
import { maxPortOffset } from './ports.ts';

const plan = (overrides: Partial<Parameters<typeof planLocal>[0]> = {}): ReturnType<typeof planLocal> =>
  planLocal({ portOffset: 0, stateDir: '/state', env: {}, timeScale: 1, ...overrides });

const secret = 'https://hooks.slack.example/services/T000/B000/very-secret';

describe('the local plan', () => {
  it('runs the five services and the stack, each from a script that exists or a tool', async () => {
    const { processes } = await plan();
    const names = processes.map(({ name }) => name);
    for (const name of [
      ...serviceNames,
      'prometheus',
      'alertmanager',
      'loki',
      'promtail',
      'preview',
      'inbox',
    ])
      expect(names).toContain(name);
    for (const { run } of processes)
      if ('script' in run) expect(existsSync(path.join(repositoryRoot, run.script)), run.script).toBe(true);
  });

  it('gives every process ports of its own, all moved by the offset', async () => {
    const ports = (await plan()).processes.flatMap((process) => process.ports);
    expect(new Set(ports).size).toBe(ports.length);
    const moved = (await plan({ portOffset: 10_000 })).processes.flatMap((process) => process.ports);
    expect(moved).toEqual(ports.map((port) => port + 10_000));
    expect(Math.max(...ports) + maxPortOffset).toBeLessThan(65_536);
  });

  it('mentions no unmoved port in any file or process once there is an offset', async () => {
    const ports = (await plan()).processes.flatMap((process) => process.ports);
    const { files, processes } = await plan({ portOffset: 20_000 });
    const everything = [...files.values(), JSON.stringify(processes)].join('\n');
    for (const port of ports) expect(everything).not.toMatch(new RegExp(`127\\.0\\.0\\.1:${port}\\b`));
  });

  it('is the same, byte for byte, each time', async () => {
    expect([...(await plan()).files]).toEqual([...(await plan()).files]);
  });

  it('keeps secrets out of all but their own files', async () => {
    const { files, secretFiles, processes } = await plan({ env: { SLACK_WEBHOOK_URL_INCIDENTS: secret } });
    expect(secretFiles.get('secrets/SLACK_WEBHOOK_URL_INCIDENTS')).toBe(secret);
    expect([...files.values()].join('\n')).not.toContain(secret);
    expect(JSON.stringify(processes)).not.toContain(secret);
    expect(files.get('config/alertmanager.yml')).toContain('/state/secrets/SLACK_WEBHOOK_URL_INCIDENTS');
    expect(files.get('config/alertmanager.yml')).toContain('http://127.0.0.1:3002/slack/alerts');
  });

  it('refuses a key that would page somebody, unless the environment file says so', async () => {
    const key = 'a'.repeat(32);
    await expect(plan({ env: { PAGERDUTY_ROUTING_KEY: key } })).rejects.toThrow(
      /SL1106 PAGERDUTY_ROUTING_KEY is set, and this environment says `paging: inbox`/,
    );
    await expect(plan({ env: { PAGERDUTY_ROUTING_KEY: key } })).rejects.not.toThrow(key);
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'sightline-paging-')), 'mine.yaml');
    const local = readFileSync(path.join(repositoryRoot, 'infra/environments/local.yaml'), 'utf8');
    writeFileSync(file, local.replace('paging: inbox', 'paging: pagerduty'));
    const { files, secretFiles } = await plan({
      env: { PAGERDUTY_ROUTING_KEY: key, SIGHTLINE_ENVIRONMENT_FILE: file },
    });
    rmSync(path.dirname(file), { recursive: true });
    expect(secretFiles.get('secrets/PAGERDUTY_ROUTING_KEY')).toBe(key);
    expect(files.get('config/alertmanager.yml')).toContain('/state/secrets/PAGERDUTY_ROUTING_KEY');
  });

  it('leaves the traffic out when asked to', async () => {
    const { processes } = await plan({ traffic: false });
    expect(processes.map(({ name }) => name)).not.toContain('traffic-generator');
  });

  it('divides scraping, rules and waits by the time scale', async () => {
    const { files } = await plan({ timeScale: 10 });
    expect(files.get('config/prometheus.yml')).toContain('scrape_interval: 1500ms');
    expect(files.get('config/rules/sightline.yml')).toContain('[30s]');
    expect(files.get('config/alertmanager.yml')).toContain('group_wait: 3s');
    const flags = async (timeScale: number) =>
      (await plan({ timeScale })).processes.find(({ name }) => name === 'prometheus')?.run.args.join(' ');
    expect(await flags(10)).toContain('--query.lookback-delta=30s');
    expect(await flags(1)).not.toContain('lookback-delta');
    expect(await flags(1)).toContain('--rules.alert.resend-delay=15s');
    expect(await flags(10)).toContain('--rules.alert.resend-delay=5s');
    const inboxOf = async (env: NodeJS.ProcessEnv) =>
      (await plan({ env })).processes.find(({ name }) => name === 'inbox')?.env;
    expect(await inboxOf({ HEARTBEAT_URL: 'https://switch.example.com/x' })).toMatchObject({
      HEARTBEAT_EXPECTED: 'no',
    });
    expect(await inboxOf({})).toMatchObject({ HEARTBEAT_EXPECTED: 'yes' });
    const silence = async (timeScale: number) =>
      (await plan({ timeScale })).processes.find(({ name }) => name === 'inbox')?.env.HEARTBEAT_SILENCE;
    expect([await silence(1), await silence(10)]).toEqual(['180', '18']);
  });

  it('delivers to the inbox only when asked to, whatever receivers are set', async () => {
    const { files, secretFiles } = await plan({
      env: { SLACK_WEBHOOK_URL_INCIDENTS: secret },
      inboxOnly: true,
    });
    expect([...secretFiles.keys()]).toEqual(['secrets/GRAFANA_ADMIN_PASSWORD']);
    expect(files.get('config/alertmanager.yml')).not.toContain('/state/secrets');
    expect(files.get('config/alertmanager.yml')).toContain('http://127.0.0.1:3002/slack/incidents');
  });

  it('takes the environment file that is named, and refuses a broken one', async () => {
    await expect(plan({ env: { SIGHTLINE_ENVIRONMENT_FILE: '/no/such.yaml' } })).rejects.toThrow(/SL1101/);
  });
});
