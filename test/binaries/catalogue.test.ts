import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRecord } from '../../infra/catalogue/record.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { runCli } from '../support/cli.ts';
import { waitFor } from '../support/wait.ts';

const components = [
  'prometheus',
  'alertmanager',
  'loki',
  'promtail',
  'node-exporter',
  'blackbox-exporter',
] as const;

test('what the real components of the stack expose is what the catalogue lists and its record says', async () => {
  const { code, stdout, stderr } = await runCli([
    'verify-catalogue',
    '--json',
    ...components.flatMap((name) => ['--component', name]),
  ]);
  const answer: unknown = JSON.parse(stdout);
  expect(answer, stderr).toMatchObject({ problems: [] });
  expect(code).toBe(0);
  const record = readRecord();
  for (const name of components)
    expect(answer).toMatchObject({ components: { [name]: { metrics: record[name]?.metrics } } });
});

test('a component that cannot be run is refused with those that can', async () => {
  const { code, stderr } = await runCli(['verify-catalogue', '--component', 'kubelet']);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/SL1805 there is no component "kubelet" that can be run/);
});

test('Ctrl-C ends the component and removes its folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-verify-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const command = spawn(
    process.execPath,
    [join(repositoryRoot, 'cli/boot.cjs'), 'verify-catalogue', '--component', 'loki'],
    { cwd: repositoryRoot, env: { ...process.env, TMPDIR: folder }, stdio: 'ignore' },
  );
  const ended = new Promise<number | null>((resolve) => command.once('exit', resolve));
  const [bench = ''] = await waitFor('Loki to write its files', async () => {
    const benches = await readdir(folder);
    const data = benches[0] === undefined ? [] : await readdir(join(folder, benches[0], 'data/loki'));
    return data.length > 0 ? benches : undefined;
  });
  expect(bench).toMatch(/^sightline-catalogue-/);
  command.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(await readdir(folder)).toEqual([]);
});
