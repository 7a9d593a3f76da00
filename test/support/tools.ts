import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { findTools } from '../../infra/local/toolchain/toolchain.ts';
import type { ToolName } from '../../infra/versions.ts';

/** Path of a real binary, found or built by the toolchain. */
export async function toolPath(name: ToolName): Promise<string> {
  const found = await findTools([name], {}).get(name);
  if (!found) throw new Error(`the toolchain does not know ${name}`);
  return found.path;
}

export interface RunningTool {
  readonly process: ChildProcess;
  /** What it wrote so far, for the message of a failing test. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts a program, `env` added to our own, and remembers its output; `stop` ends it and waits until it is gone. */
export function startTool(path: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningTool {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  const remember = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-64 * 1024);
  };
  child.stdout.on('data', remember);
  child.stderr.on('data', remember);
  return {
    process: child,
    output: () => output,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(forced);
    },
  };
}
