import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('../../telemetry/instrument/shutdown.fixture.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start() {
  const child = fork(fixture, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, LOG_LEVEL: 'INFO' },
  });
  children.push(child);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    lines: output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { level: string; message: string; error_message?: string }),
  }));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, ended, base: `http://127.0.0.1:${port}` };
}

describe('a real process', () => {
  it('on SIGTERM answers what is in flight, runs its hooks in order, loses no line and exits 0', async () => {
    const { child, ended, base } = await start();
    const answer = fetch(`${base}/tasks`, { headers: { 'x-request-id': 'in-flight' } });
    await once(child, 'message');
    child.kill('SIGTERM');
    expect(await (await answer).json()).toEqual({ answered: true });
    const { code, lines } = await ended;
    expect(code).toBe(0);
    expect(lines.map(({ message }) => message)).toEqual([
      'Stopping',
      'Stop hook',
      'GET /tasks answered with status 200',
      'First hook',
      'Second hook',
      'Stopped',
    ]);
    await expect(fetch(`${base}/health`)).rejects.toThrow();
  });

  it('that cannot end in time is cut off, says so and exits 1', async () => {
    const { child, ended, base } = await start();
    const hanging = fetch(`${base}/status`).catch(() => 'cut');
    await fetch(`${base}/health`);
    child.kill('SIGINT');
    const { code, lines } = await ended;
    expect(await hanging).toBe('cut');
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'ERROR' });
    expect(lines.at(-1)?.message).toMatch(/took too long/);
  });

  it('that crashes says why in a last line', async () => {
    const { ended, base } = await start();
    fetch(`${base}/login`).catch(() => {});
    const { code, lines } = await ended;
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      level: 'CRITICAL',
      message: 'Uncaught exception',
      error_message: 'nobody caught this',
    });
  });

  it('whose reader goes away goes on serving', async () => {
    const { child, base } = await start();
    child.stdout?.destroy();
    for (let i = 0; i < 300; i += 1) expect((await fetch(`${base}/nowhere`)).status).toBe(404);
    const { cpu } = await cpuOverHalfASecond(child);
    expect(cpu).toBeLessThan(0.4);
  });
});

/** Seconds of CPU that the process uses while nobody asks anything of it, from /proc where there is one. */
async function cpuOverHalfASecond(child: ChildProcess): Promise<{ readonly cpu: number }> {
  const { readFile } = await import('node:fs/promises');
  const ticks = async () => {
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  };
  const before = await ticks();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { cpu: ((await ticks()) - before) / 100 };
}
