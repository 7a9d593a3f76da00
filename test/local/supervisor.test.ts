import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdProcess, releaseProcess } from '../../infra/local/supervisor/control-client.ts';
import { waitFor } from '../support/wait.ts';
import { living, pidsOf, useTestStacks } from './fixture/stack.ts';

const testStack = useTestStacks();

describe('start and status', () => {
  it('returns from --detach when all is healthy, in the order of need, and status says so', async () => {
    const { stack } = await testStack();
    expect((await stack.run('status')).code).toBe(1);
    const started = await stack.run('start', '--detach');
    expect(started.stderr).toBe('');
    expect(started.code).toBe(0);
    const status = await stack.status();
    expect(status).toMatchObject({ state: 'healthy', stateDir: stack.stateDir, portOffset: 0 });
    const [one, two] = status.processes;
    expect(Date.parse(two?.since ?? '')).toBeGreaterThan(Date.parse(one?.since ?? ''));
    expect((await stack.run('status')).code).toBe(0);
    const pids = pidsOf(status);
    expect(living(pids)).toHaveLength(3);
    expect((await stack.run('down')).stdout).toContain('Stopped');
    expect(living(pids)).toEqual([]);
  });

  it('shows what a tool is being built while the rest already runs, and why one cannot be had', async () => {
    const { stack } = await testStack({ more: (port) => [{ name: 'logs', port, tool: 'loki' }] });
    const starting = await stack.run('start', '--detach');
    expect(starting.code).toBe(1);
    expect(starting.stdout).toContain('building 412 of 900 packages, 1m12s');
    expect(starting.stderr).toContain('SL1008');
    expect(starting.stderr).toContain('loki cannot be had');
    expect(starting.stderr).toContain('install Go');
    const status = await stack.status();
    expect(status.state).toBe('degraded');
    expect(status.processes.map(({ state }) => state)).toEqual(['running', 'running', 'unavailable']);
    expect(status.processes[2]?.error).toMatchObject({ code: 'SL1201', fix: 'install Go' });
  });

  it('is healthy without an optional process', async () => {
    const { stack } = await testStack({
      more: (port) => [{ name: 'logs', port, tool: 'loki', optional: true }],
    });
    expect((await stack.run('start', '--detach')).code).toBe(0);
    expect((await stack.process('logs')).state).toBe('unavailable');
  });

  it('starts what is to give way so, with all its threads and, where sessions share the processor, its session', async () => {
    const { stack } = await testStack({ more: (port) => [{ name: 'meek', port, niceness: 7 }] });
    await stack.run('start', '--detach');
    const [usual = 0, , , given = 0] = pidsOf(await stack.status());
    expect(getPriority(given)).toBe(Math.min(19, getPriority(usual) + 7));
    if (process.platform !== 'linux') return;
    const threads = readdirSync(`/proc/${given}/task`);
    expect(threads.length).toBeGreaterThan(1);
    expect(new Set(threads.map((thread) => getPriority(Number(thread))))).toEqual(
      new Set([getPriority(given)]),
    );
    if (!existsSync(`/proc/${given}/autogroup`)) return;
    await waitFor('its session to give way', () =>
      readFileSync(`/proc/${given}/autogroup`, 'utf8').endsWith(' nice 7\n') ? true : undefined,
    );
  });

  it('gives up on a process that only crashes, and shows its last lines', async () => {
    const { stack } = await testStack({ more: (port) => [{ name: 'bad', port, env: { BROKEN: '1' } }] });
    const started = await stack.run('start', '--detach');
    expect(started.code).toBe(1);
    expect(started.stderr).toMatch(/SL1008.*\n.*bad is .*exit code 7/);
    expect(started.stderr).toContain('| cannot read the configuration');
  });

  it('attaches when it runs already, twice at once too, and leaves it running when the viewer leaves', async () => {
    const { stack } = await testStack();
    const both = await Promise.all([stack.run('start', '--detach'), stack.run('start', '--detach')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.filter(({ stdout }) => stdout.includes('runs already'))).toHaveLength(1);
    const before = await stack.status();
    const viewer = stack.begin('start');
    await waitFor('the viewer to show it', () => viewer.output().includes('healthy') || undefined);
    viewer.child.kill('SIGINT');
    expect((await viewer.finished).code).toBe(0);
    expect(pidsOf(await stack.status())).toEqual(pidsOf(before));
  });

  it('knows what it was started with, and refuses other extras than run', async () => {
    const { stack } = await testStack();
    expect((await stack.run('start', '--detach', '--with', 'kafka')).code).toBe(0);
    expect(await stack.status()).toMatchObject({ with: ['dapr', 'kafka'] });
    expect((await stack.run('status')).stdout).toContain('with dapr, kafka');
    const other = await stack.run('start', '--detach', '--with', 'dapr');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/SL1313.*with dapr, kafka added, not with dapr/s);
    for (const same of [[], ['--with', 'kafka,dapr']]) {
      const again = await stack.run('start', '--detach', ...same);
      expect(again.code).toBe(0);
      expect(again.stdout).toContain('with dapr, kafka)');
    }
  });

  it('takes over the lock and the socket of a command that died', async () => {
    const { stack } = await testStack();
    await stack.run('start', '--detach');
    const { supervisor } = await stack.status();
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    const lock = path.join(stack.stateDir, 'run', 'stack.lock');
    mkdirSync(lock);
    utimesSync(lock, new Date(0), new Date(0));
    expect((await stack.run('start', '--detach')).code).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });
});

describe('a process that ends', () => {
  it('is started again after kill -9, and no line of the others is lost', async () => {
    const { stack } = await testStack({ more: (port) => [{ name: 'other', port }] });
    await stack.run('start', '--detach');
    const first = await stack.process('one');
    process.kill(first.pid ?? 0, 'SIGKILL');
    const second = await stack.whenProcess(
      'one',
      ({ state, restarts }) => state === 'running' && restarts === 1,
    );
    expect(second.pid).not.toBe(first.pid);
    expect(second).toMatchObject({ failuresInARow: 1, lastExit: 'ended by SIGKILL', health: 'healthy' });
    const counts = stack.logOf(await stack.process('other')).map((line) => JSON.parse(line).count);
    expect(counts.length).toBeGreaterThan(5);
    expect(counts).toEqual(counts.map((_, index) => index + 1));
  });

  it('keeps both runs in one log and says how it ended', async () => {
    const { stack } = await testStack();
    await stack.run('start', '--detach');
    const first = await stack.process('one');
    await fetch(`${first.url}/crash`).catch(() => undefined);
    const second = await stack.whenProcess(
      'one',
      ({ state, restarts }) => state === 'running' && restarts === 1,
    );
    expect(second.lastExit).toBe('exit code 3');
    const pids = await waitFor('lines of both runs', () => {
      const found = new Set(stack.logOf(second).map((line) => JSON.parse(line).pid));
      return found.size === 2 ? found : undefined;
    });
    expect(pids).toEqual(new Set([first.pid, second.pid]));
  });

  it('is tried again when it could not even be spawned', async () => {
    const { stack } = await testStack();
    await stack.run('start', '--detach');
    await holdProcess(stack.stateDir, 'one', 600);
    await stack.whenProcess('one', ({ state }) => state === 'held');
    const workingDirectory = path.join(stack.stateDir, 'data/one');
    rmSync(workingDirectory, { recursive: true });
    writeFileSync(workingDirectory, 'in the way');
    await releaseProcess(stack.stateDir, 'one');
    const waiting = await stack.whenProcess('one', ({ state }) => state === 'backoff');
    expect(waiting.lastExit).toContain('cannot be started: Error: EEXIST');
    rmSync(workingDirectory);
    await stack.whenProcess('one', ({ state }) => state === 'running');
  });

  it('stays down while it is held, and starts when it is released or the time is over', async () => {
    const { stack } = await testStack();
    await stack.run('start', '--detach');
    await holdProcess(stack.stateDir, 'one', 600);
    const held = await stack.whenProcess('one', ({ state }) => state === 'held');
    expect(held.pid).toBeNull();
    expect(held.detail).toMatch(/^held until \d\d:\d\d:\d\d$/);
    expect((await stack.status()).state).toBe('degraded');
    await releaseProcess(stack.stateDir, 'one');
    await stack.whenProcess('one', ({ state, restarts }) => state === 'running' && restarts === 0);
    await holdProcess(stack.stateDir, 'one', 1);
    await stack.whenProcess('one', ({ state }) => state === 'held');
    await stack.whenProcess('one', ({ state }) => state === 'running');
    await expect(holdProcess(stack.stateDir, 'three', 5)).rejects.toMatchObject({ code: 'SL1309' });
    await expect(holdProcess(stack.stateDir, 'one', -5)).rejects.toMatchObject({ code: 'SL1309' });
  });
});
