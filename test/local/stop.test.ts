import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findPortHolder } from '../../infra/local/state/port-holder.ts';
import { processStartTime } from '../../infra/local/state/process-identity.ts';
import { waitFor } from '../support/wait.ts';
import { living, pidsOf, useTestStacks } from './fixture/stack.ts';

const testStack = useTestStacks();

describe('the end', () => {
  it('Ctrl-C leaves no process and no port, not even of a stubborn one or of a helper', async () => {
    const { stack, ports } = await testStack({
      more: (third, fourth) => [
        { name: 'stubborn', port: third, env: { STUBBORN: '1' } },
        { name: 'parent', port: fourth, env: { HELPER: '1' } },
      ],
    });
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
    expect(stderr).toMatch(/SL1306 the supervisor ended unexpectedly[\s\S]*fix: npm run down/);
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
    expect(restarted.code, restarted.stdout + restarted.stderr).toBe(0);
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
