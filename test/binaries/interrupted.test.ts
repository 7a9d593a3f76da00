import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { repositoryRoot } from '../../infra/repository.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'interrupted-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Processes that work in a folder below `dir`, where the system tells. */
const processesBelow = (): readonly string[] =>
  (existsSync('/proc') ? readdirSync('/proc') : []).filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(dir);
    } catch {
      return false;
    }
  });

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends a mutation check with its promtools, its files and the code %d',
  async (signal, code) => {
    await toolPath('promtool');
    const child = spawn(process.execPath, [join(repositoryRoot, 'cli/boot.cjs'), 'mutants'], {
      cwd: repositoryRoot,
      env: { ...process.env, TMPDIR: dir },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    await waitFor('promtool to work', () => (processesBelow().length > 0 ? true : undefined), 120_000);
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(processesBelow()).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  },
);
