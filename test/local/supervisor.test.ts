import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findPortHolder } from '../../infra/local/state/port-holder.ts';
import { processStartTime } from '../../infra/local/state/process-identity.ts';
import { holdProcess, releaseProcess } from '../../infra/local/supervisor/control-client.ts';
import { freePorts } from '../support/ports.ts';
import { waitFor } from '../support/wait.ts';
import type { TestProcess } from './fixture/plan.ts';
import { living, pidsOf, TestStack } from './fixture/stack.ts';

const stacks: TestStack[] = [];

afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.clean();
});

/** A stack of `one`, and `two` after it, and whatever else is asked for. */
async function testStack(change: (ports: readonly number[]) => readonly TestProcess[] = () => []) {
  const ports = await freePorts(4);
  const [first = 0, second = 0, ...rest] = ports;
  const processes = [
    { name: 'one', port: first },
    { name: 'two', port: second, after: ['one'] },
    ...change(rest),
  ];
  const stack = new TestStack({ processes, files: { 'conf/one.yml': 'one: 1\n' } });
  stacks.push(stack);
  return { stack, ports };
}

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
    const { stack } = await testStack(([port = 0]) => [{ name: 'logs', port, tool: 'loki' }]);
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
    const { stack } = await testStack(([port = 0]) => [{ name: 'logs', port, tool: 'loki', optional: true }]);
    expect((await stack.run('start', '--detach')).code).toBe(0);
    expect((await stack.process('logs')).state).toBe('unavailable');
  });

  it('gives up on a process that only crashes, and shows its last lines', async () => {
    const { stack } = await testStack(([port = 0]) => [{ name: 'bad', port, env: { BROKEN: '1' } }]);
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
    const { stack } = await testStack(([port = 0]) => [{ name: 'other', port }]);
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

describe('the end', () => {
  it('Ctrl-C leaves no process and no port, not even of a stubborn one or of a helper', async () => {
    const { stack, ports } = await testStack(([third = 0, fourth = 0]) => [
      { name: 'stubborn', port: third, env: { STUBBORN: '1' } },
      { name: 'parent', port: fourth, env: { HELPER: '1' } },
    ]);
    const foreground = stack.begin('start');
    const status = await waitFor('the stack to be healthy', async () => {
      const now = await stack.status();
      return now.state === 'healthy' ? now : undefined;
    });
    const group = await groupOf(status.processes.find(({ name }) => name === 'parent')?.pid ?? 0);
    expect(group).toHaveLength(2);
    const pressedAt = Date.now();
    foreground.child.kill('SIGINT');
    const { code, stdout } = await foreground.finished;
    expect(code).toBe(0);
    expect(stdout).toContain('nothing is left running');
    expect(Date.now() - pressedAt).toBeLessThan(10_000);
    expect(living([...pidsOf(status), ...group])).toEqual([]);
    expect(ports.map(findPortHolder)).toEqual(ports.map(() => undefined));
  });

  it('does not outlive a foreground that was killed', async () => {
    const { stack } = await testStack();
    const foreground = stack.begin('start');
    const status = await waitFor('the stack to be healthy', async () => {
      const now = await stack.status();
      return now.state === 'healthy' ? now : undefined;
    });
    foreground.child.kill('SIGKILL');
    await waitFor('everything to end', () => living(pidsOf(status)).length === 0 || undefined);
  });

  it('of the supervisor alone is told to the viewer, with what to do', async () => {
    const { stack } = await testStack();
    const foreground = stack.begin('start');
    const status = await waitFor('the stack to be healthy', async () => {
      const now = await stack.status();
      return now.state === 'healthy' ? now : undefined;
    });
    process.kill(status.supervisor?.pid ?? 0, 'SIGKILL');
    const { code, stderr } = await foreground.finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/SL1306 the supervisor ended unexpectedly[^]*fix: npm run down/);
  });

  it('down finds and ends the orphans of a killed supervisor', async () => {
    const { stack, ports } = await testStack();
    await stack.run('start', '--detach');
    const status = await stack.status();
    process.kill(status.supervisor?.pid ?? 0, 'SIGKILL');
    await waitFor(
      'the supervisor to be gone',
      async () => (await stack.status()).state === 'stopped' || undefined,
    );
    const down = await stack.run('down');
    expect(down.code).toBe(0);
    expect(living(pidsOf(status))).toEqual([]);
    expect(ports.map(findPortHolder)).toEqual(ports.map(() => undefined));
    expect((await stack.run('down')).stdout).toContain('No stack was running');
  });

  it('start ends the orphans of a killed supervisor and comes up on the same ports', async () => {
    const { stack } = await testStack();
    await stack.run('start', '--detach');
    const status = await stack.status();
    // Stopped, so that they cannot die of the broken pipe by themselves.
    for (const { pid } of status.processes) process.kill(pid ?? 0, 'SIGSTOP');
    process.kill(status.supervisor?.pid ?? 0, 'SIGKILL');
    const restarted = await stack.run('start', '--detach');
    expect(restarted.code).toBe(0);
    expect(living(pidsOf(status))).toEqual([]);
  });

  it('down ends a supervisor that hangs', async () => {
    const { stack } = await testStack();
    await stack.run('start', '--detach');
    const status = await stack.status();
    process.kill(status.supervisor?.pid ?? 0, 'SIGSTOP');
    expect((await stack.run('down')).code).toBe(0);
    expect(living(pidsOf(status))).toEqual([]);
  });
});

describe('the state directory', () => {
  it('keeps data over restarts, drops configuration that is no longer planned, and goes with --wipe', async () => {
    const { stack } = await testStack();
    await stack.run('start', '--detach');
    expect(existsSync(path.join(stack.stateDir, 'conf/one.yml'))).toBe(true);
    writeFileSync(path.join(stack.stateDir, 'data/one/kept'), '');
    await stack.run('down');
    const [first] = (await freePorts(1)) as [number];
    const next = new TestStack({
      processes: [{ name: 'one', port: first }],
      files: { 'conf/two.yml': 'two: 2\n' },
    });
    stacks.push(next);
    await next.run('start', '--detach', '--state-dir', stack.stateDir);
    expect(readdirSync(path.join(stack.stateDir, 'conf'))).toEqual(['two.yml']);
    expect(existsSync(path.join(stack.stateDir, 'data/one/kept'))).toBe(true);
    expect((await stack.run('down', '--wipe')).code).toBe(0);
    expect(existsSync(stack.stateDir)).toBe(false);
  });

  it('is refused where it cannot be written', async () => {
    const { stack } = await testStack();
    writeFileSync(stack.stateDir, 'a file');
    for (const place of [path.join(stack.stateDir, 'below'), '/proc/sightline']) {
      const { code, stderr } = await stack.run('start', '--detach', '--state-dir', place);
      expect(code).toBe(1);
      expect(stderr).toContain('SL1301');
      expect(stderr).toContain(`where: ${place}`);
      expect(stderr).toContain('fix: make it writable, or name another one with --state-dir');
    }
  });

  it('is neither used nor removed when it is not ours', async () => {
    const { stack } = await testStack();
    mkdirSync(stack.stateDir);
    writeFileSync(path.join(stack.stateDir, 'thesis.tex'), 'years of work');
    for (const args of [
      ['start', '--detach'],
      ['down', '--wipe'],
    ]) {
      const { code, stderr } = await stack.run(...args);
      expect(code).toBe(1);
      expect(stderr).toContain('SL1302');
    }
    expect(readdirSync(stack.stateDir)).toEqual(['thesis.tex']);
  });
});

it('names who holds a port, starts nothing, and says how to go on', async () => {
  const { stack, ports } = await testStack();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(ports[1], '127.0.0.1', resolve));
  try {
    const { code, stderr } = await stack.run('start', '--detach');
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`SL1303 .*${ports[1]} \\(two\\) by pid ${process.pid}: `));
    expect(stderr).toContain('--port-offset 10000');
    expect(findPortHolder(ports[0] ?? 0)).toBeUndefined();
    expect(readdirSync(path.join(stack.stateDir, 'run'))).not.toContain('supervisor.json');
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

/** The living processes of a process's group, itself included (Linux only, as this test). */
async function groupOf(leader: number): Promise<readonly number[]> {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && processStartTime(pid) !== undefined && groupId(pid) === leader);
}

function groupId(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return 0;
  }
}
