import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routingFor } from '../../alerts/routing.ts';
import { allRules } from '../../alerts/rules/index.ts';
import { type RunningAlertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { type CliResult, runCli } from '../support/cli.ts';
import { listenLocally } from '../support/local-server.ts';

const hour = 3_600_000;
const at = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

const silences = [
  {
    matchers: [{ name: 'service', value: 'audit', isRegex: false, isEqual: true }],
    startsAt: at(1000),
    endsAt: at(2 * hour),
    createdBy: 'alice',
    comment: 'moves to another disk',
  },
  {
    matchers: [
      { name: 'alertname', value: 'Host.*', isRegex: true, isEqual: true },
      { name: 'cluster', value: 'prod', isRegex: false, isEqual: false },
    ],
    startsAt: at(24 * hour),
    endsAt: at(25 * hour),
    createdBy: 'bob',
    comment: 'new kernels, "tonight"',
  },
];

let dir: string;
const running: RunningAlertmanager[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-backup-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await rm(dir, { recursive: true, force: true });
});

async function alertmanager(name: string): Promise<string> {
  const started = await startAlertmanager(join(dir, name), routingFor(allRules), {
    timeScale: 1,
    resolveSecret: () => ({ kind: 'url', url: 'http://127.0.0.1:1/' }),
  });
  running.push(started);
  return started.url;
}

const api = (url: string): string => `${url}/api/v2/silences`;
const listed = async (url: string): Promise<readonly Record<string, unknown>[]> =>
  (await fetch(api(url))).json();
const post = async (url: string, body: unknown): Promise<void> => {
  const answer = await fetch(api(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
};
const backup = (url: string): Promise<CliResult> =>
  runCli(['backup', 'silences', '--url', url, '--out', join(dir, 'silences.json')]);
const restore = (url: string, ...more: string[]): Promise<CliResult> =>
  runCli(['restore', 'silences', '--url', url, '--in', join(dir, 'silences.json'), ...more]);

describe('silences of a real Alertmanager', () => {
  it('come into another by a backup, once however often they are restored, without those that ended', async () => {
    const [first, second] = await Promise.all([alertmanager('first'), alertmanager('second')]);
    for (const silence of silences) await post(first, silence);
    await post(first, { ...silences[0], comment: 'ended by hand' });
    const ended = (await listed(first)).find(({ comment }) => comment === 'ended by hand');
    await fetch(`${first}/api/v2/silence/${ended?.id}`, { method: 'DELETE' });

    expect((await backup(first)).stdout).toContain('2 silences in ');
    const dry = await restore(second, '--dry-run');
    expect(dry.stdout).toContain('2 would be restored, 0 there already, 0 over by now');
    expect(await listed(second)).toEqual([]);
    expect(JSON.parse((await restore(second, '--json')).stdout)).toEqual({
      restored: 2,
      present: 0,
      over: 0,
    });
    expect((await restore(second)).stdout).toContain('0 restored, 2 there already, 0 over by now');
    expect((await restore(first)).stdout).toContain('0 restored, 2 there already');

    const restored = await listed(second);
    expect(restored).toHaveLength(2);
    for (const { matchers, endsAt, createdBy, comment } of silences)
      expect(restored).toContainEqual(expect.objectContaining({ matchers, endsAt, createdBy, comment }));
  });

  it('are not mistaken: what cannot be asked, read or written is named', async () => {
    const server = createServer((_request, response) => response.end('<html>a proxy’s page</html>'));
    const other = `http://127.0.0.1:${await listenLocally(server)}`;
    try {
      expect((await backup(other)).stderr).toMatch(/SL1112.*not JSON[\s\S]*where: http/);
    } finally {
      server.close();
    }
    expect((await backup('http://127.0.0.1:1')).stderr).toMatch(/SL1112/);
    expect((await backup('alertmanager')).stderr).toMatch(/SL1112.*is no address of an Alertmanager/);
    expect((await restore('http://127.0.0.1:1')).stderr).toMatch(/SL1113.*cannot be read/);
    await writeFile(
      join(dir, 'silences.json'),
      '{"kind":"sightline/silences/v1","takenAt":"2030-01-31T00:00:00Z","silences":[{}]}',
    );
    expect((await restore('http://127.0.0.1:1')).stderr).toMatch(/SL1113.*silences\.0\.matchers/);
    const url = await alertmanager('only');
    expect(
      (await runCli(['backup', 'silences', '--url', url, '--out', join(dir, 'none', 'x')])).stderr,
    ).toMatch(/SL1113.*cannot be written/);
    expect(await readFile(join(dir, 'silences.json'), 'utf8')).toContain('[{}]');
  });
});
