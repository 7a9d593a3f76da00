import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPortHolder } from '../../infra/local/state/port-holder.ts';
import { useTestStacks } from './fixture/stack.ts';

const testStack = useTestStacks();

describe('the state directory', () => {
  it('keeps data over restarts, drops configuration that is no longer planned, and goes with --wipe', async () => {
    const { stack } = await testStack();
    await stack.run('start', '--detach');
    expect(existsSync(path.join(stack.stateDir, 'conf/one.yml'))).toBe(true);
    writeFileSync(path.join(stack.stateDir, 'data/one/kept'), '');
    await stack.run('down');
    const { stack: next } = await testStack({ files: { 'conf/two.yml': 'two: 2\n' } });
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
