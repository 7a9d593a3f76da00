import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GameDayReport } from '../../cli/game-day/report.ts';
import { freePortOffset } from '../../infra/local/pick-ports.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { runCli } from '../support/cli.ts';
import { startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

/** The shared stack beside it takes its part of the cores. */
const unhurried = '--time-scale=12';

describe('a game day', () => {
  let base = '';
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'sightline-game-day-'));
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  /** A stack of its own, that no variable of the shared one reaches. */
  const stackOptions = async (name: string): Promise<string[]> => [
    `--state-dir=${join(base, name)}`,
    `--port-offset=${await freePortOffset()}`,
  ];

  it('sees each declared alert raised, delivered to its receivers and called off', async () => {
    const options = await stackOptions('passing');
    const { code, stdout, stderr } = await runCli([
      'game-day',
      '--json',
      unhurried,
      '--only=audit:errors,notification:stop,node-exporter:stop',
      ...options,
    ]);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout) as GameDayReport;
    expect(report).toMatchObject({ ok: true, undeclared: [] });
    expect(report.faults.map(({ fault, passed }) => [fault, passed]).sort()).toEqual([
      ['audit:errors', true],
      ['node-exporter:stop', true],
      ['notification:stop', true],
    ]);
    const alerts = report.faults.flatMap((fault) => fault.alerts);
    const down = alerts.find(({ alert }) => alert === 'ServiceDown');
    expect(down).toMatchObject({ service: 'notification', declared: true, severities: ['warning'] });
    for (const times of [down?.delivered, down?.calledOff]) {
      expect(Object.keys(times ?? {})).toEqual(['#alerts']);
      expect(Object.values(times ?? {}).every((seconds) => seconds > 0)).toBe(true);
    }
    const targetDown = alerts.find(({ alert }) => alert === 'TargetDown');
    expect(Object.keys(targetDown?.delivered ?? {})).toEqual(['#alerts']);
    expect(existsSync(join(base, 'passing'))).toBe(false);
  }, 400_000);

  it('fails on an alert that no fault of it declares', async () => {
    const options = await stackOptions('failing');
    const gameDay = startTool(process.execPath, [
      join(repositoryRoot, 'cli/boot.cjs'),
      'game-day',
      unhurried,
      '--only=node-exporter:stop',
      ...options,
    ]);
    try {
      const ended = once(gameDay.process, 'exit');
      await waitFor(
        'the first fault',
        () => (gameDay.output().includes('injected') ? true : undefined),
        200_000,
      );
      const fault = await runCli(['fault', 'sync', 'stop', ...options]);
      expect(fault.code, fault.stderr).toBe(0);
      expect(await ended).toEqual([1, null]);
      expect(gameDay.output()).toMatch(
        /✗ undeclared: ServiceDown of sync \(warning\) fired during node-expor/,
      );
      expect(gameDay.output()).toContain('1 of 1 faults raised, delivered and ended as declared');
    } finally {
      await gameDay.stop();
    }
    expect(existsSync(join(base, 'failing'))).toBe(false);
  }, 400_000);
});
