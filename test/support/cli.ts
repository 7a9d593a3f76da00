import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../infra/repository.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of Sightline to its end, as `npm run` would. `cwd` is a clone; this one by default. */
export function runCli(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly timeoutMs?: number } = {},
): Promise<CliResult> {
  const cwd = options.cwd ?? repositoryRoot;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(cwd, 'cli/boot.cjs'), ...args],
      {
        cwd,
        env: { ...process.env, ...options.env },
        timeout: options.timeoutMs ?? 600_000,
        maxBuffer: 16 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}
