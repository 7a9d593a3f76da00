import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { type LogLine, serviceEnvironment } from './test-service.ts';

export interface ServiceProcess {
  readonly name: ServiceName;
  readonly url: string;
  readonly lines: readonly LogLine[];
  /** The exit code, or the signal that ended it. */
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  /** Resolves with the exit code when it ends by itself. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts a service as the process that it is in a stack, on a free port; it is killed when the test ends. */
export async function startProcess(
  name: ServiceName,
  directory: string,
  env: NodeJS.ProcessEnv = {},
): Promise<ServiceProcess> {
  const script = fileURLToPath(new URL(`../../${name}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, ...serviceEnvironment(name, directory), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  const port = await vi.waitFor(
    () => {
      const started = lines.find(({ message }) => message === 'service started');
      if (started === undefined) throw new Error(`${name} has not started`);
      return started.port;
    },
    { timeout: 20_000, interval: 20 },
  );
  const ended = endOf(child);
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    lines,
    ended,
    kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? signal;
}
