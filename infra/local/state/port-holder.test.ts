import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { describe as describeHolder } from './free-ports.ts';
import { findPortHolder, stackVariable } from './port-holder.ts';

/** A real process that listens on a free port of the given address and prints which. */
async function listener(host: string, env: NodeJS.ProcessEnv = {}) {
  const script = `const s = require('net').createServer().listen(0, '${host}', () => console.log(s.address().port))`;
  const child = spawn(process.execPath, ['-e', script], { env: { ...process.env, ...env } });
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(output.toString()) };
}

it.for(['127.0.0.1', '0.0.0.0', '::'])(
  'finds the pid and command of the process that listens on %s',
  async (host) => {
    const { child, port } = await listener(host);
    try {
      const holder = findPortHolder(port);
      expect(holder?.pid).toBe(child.pid);
      expect(holder?.command).toContain(process.execPath);
      expect(holder?.stateDir).toBeUndefined();
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    expect(findPortHolder(port)).toBeUndefined();
  },
);

it.runIf(process.platform === 'linux')('says which Sightline stack the holder belongs to', async () => {
  const { child, port } = await listener('127.0.0.1', { [stackVariable]: '/some/state' });
  try {
    expect(findPortHolder(port)?.stateDir).toBe('/some/state');
    expect(describeHolder(findPortHolder(port))).toMatch(/^pid \d+: .* \[Sightline stack \/some\/state\]$/);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});
