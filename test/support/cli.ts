import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../infra/repository.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A clone; this one by default. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** As anybody runs it who is not root, whoever runs the test. */
  readonly unprivileged?: boolean;
}

/** Runs a command of Sightline to its end, as `npm run` would. */
export function runCli(args: readonly string[], options: RunOptions = {}): Promise<CliResult> {
  const cwd = options.cwd ?? repositoryRoot;
  const command = [process.execPath, join(cwd, 'cli/boot.cjs'), ...args];
  const [file = '', ...rest] = options.unprivileged ? asAnybody(command) : command;
  return new Promise((resolve) => {
    execFile(
      file,
      rest,
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

/** Root without any of its capabilities (capabilities(7)): what it may do then, the owner of its files may. */
export const asAnybody = (command: readonly string[]): readonly string[] =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all', ...command]
    : command;
