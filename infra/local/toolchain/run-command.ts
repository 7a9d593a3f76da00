import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandResult {
  /** Null when it was ended by a signal. */
  readonly exitCode: number | null;
  /** Standard output and standard error, at most the last `outputLimit` characters of both together. */
  readonly output: string;
  readonly timedOut: boolean;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds, after which the command and its children are killed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: string) => void;
  /** Characters kept. */
  readonly outputLimit?: number;
}

/** Process groups of commands under way: they must not outlive this process, however it exits. */
const liveGroups = new Set<number>();
process.on('exit', () => {
  for (const group of liveGroups) killGroup(group);
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

/**
 * Runs a command to its end and never throws for its failure: a command that cannot be started has the exit code
 * null and the reason as its output. It gets a process group of its own, so that its children (Go's compilers)
 * end with it.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const limit = options.outputLimit ?? 64_000;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    let timedOut = false;
    const { pid } = child;
    if (pid !== undefined) liveGroups.add(pid);
    const kill = (): void => {
      if (pid !== undefined) killGroup(pid);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, options.timeoutMs);
    options.signal?.addEventListener('abort', kill, { once: true });
    if (options.signal?.aborted === true) kill();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output = `${output}${line}\n`.slice(-limit);
        options.onLine?.(line);
      });
    }
    const finish = (exitCode: number | null): void => {
      clearTimeout(timer);
      if (pid !== undefined) liveGroups.delete(pid);
      options.signal?.removeEventListener('abort', kill);
      resolve({ exitCode, output, timedOut });
    };
    child.once('error', (error) => {
      output = error.message;
      finish(null);
    });
    child.once('close', (exitCode) => finish(exitCode));
  });
}
