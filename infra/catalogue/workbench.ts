import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SightlineError } from '../../telemetry/errors.ts';
import type { ToolName } from '../versions.ts';

/** A folder of its own and the processes in it, for as long as one component is looked at. */
export interface Workbench {
  readonly directory: string;
  /** Starts a tool; it is ended when the work is done, or given up. */
  readonly start: (tool: ToolName, args: readonly string[], env?: Readonly<Record<string, string>>) => void;
  /**
   * Runs a tool to its end.
   * @throws {SightlineError} SL1805 when it fails
   */
  readonly run: (
    tool: ToolName,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) => Promise<void>;
  /**
   * Asks `probe` until it gives something, and gives that back.
   * @throws {SightlineError} SL1805 after three minutes, or at once when a process has ended
   */
  readonly until: <T>(what: string, probe: () => Promise<T | undefined>) => Promise<T>;
}

/** Paths of the tools' binaries. */
export type ToolPaths = ReadonlyMap<ToolName, string>;

interface Started {
  readonly tool: ToolName;
  readonly child: ChildProcess;
  output: string;
}

const patienceMs = 180_000;
const pollMs = 100;
/** Milliseconds between SIGTERM and SIGKILL. */
const stopMs = 10_000;
const outputLimit = 4_000;

/** Lets `work` use a workbench; whatever happens, its processes and its folder are gone afterwards. */
export async function atWorkbench<T>(
  tools: ToolPaths,
  signal: AbortSignal,
  work: (bench: Workbench) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'sightline-catalogue-'));
  const running: Started[] = [];
  const killAll = (): void => {
    for (const { child } of running) child.kill('SIGKILL');
  };
  process.on('exit', killAll);
  try {
    return await work({
      directory,
      start: (tool, args, env = {}) => {
        running.push(start(tool, tools.get(tool) ?? tool, args, { directory, env }));
      },
      run: async (tool, args, env) => {
        const started = start(tool, tools.get(tool) ?? tool, args, { directory, env });
        running.push(started);
        await ended(started);
        running.splice(running.indexOf(started), 1);
        if (started.child.exitCode !== 0) throw failure(`${tool} failed`, started.output);
      },
      until: (what, probe) => until(what, probe, running, signal),
    });
  } finally {
    for (const started of running.toReversed()) await stop(started);
    process.off('exit', killAll);
    await rm(directory, { recursive: true, force: true });
  }
}

function start(
  tool: ToolName,
  path: string,
  args: readonly string[],
  { directory, env }: { readonly directory: string; readonly env: Readonly<Record<string, string>> },
): Started {
  const child = spawn(path, args, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const started: Started = { tool, child, output: '' };
  const remember = (chunk: Buffer): void => {
    started.output = `${started.output}${chunk.toString()}`.slice(-outputLimit);
  };
  child.stdout.on('data', remember);
  child.stderr.on('data', remember);
  child.once('error', (error) => remember(Buffer.from(error.message)));
  return started;
}

const hasEnded = ({ child }: Started): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

const ended = async (started: Started): Promise<void> => {
  if (!hasEnded(started)) await once(started.child, 'exit');
};

async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  running: readonly Started[],
  signal: AbortSignal,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  let last: unknown;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const ended = running.find(hasEnded);
    if (ended !== undefined) throw failure(`${ended.tool} ended`, ended.output);
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await delay(pollMs, undefined, { signal });
  }
  throw failure(`${what} did not come within ${patienceMs / 1000} s`, running.at(-1)?.output ?? '', last);
}

const failure = (what: string, output: string, cause?: unknown): SightlineError =>
  new SightlineError('SL1805', {
    what: `${what}${cause instanceof Error ? ` (${cause.message})` : ''}; last output: ${output.trim()}`,
    where: 'infra/catalogue/verifiers',
    fix: 'mend how the component is run there; a new version may want other flags',
    cause,
  });

async function stop(started: Started): Promise<void> {
  if (hasEnded(started)) return;
  const exited = once(started.child, 'exit');
  started.child.kill('SIGTERM');
  const forced = setTimeout(() => started.child.kill('SIGKILL'), stopMs);
  await exited;
  clearTimeout(forced);
}

/** A folder below the workbench's, made. */
export async function folder(bench: Workbench, name: string): Promise<string> {
  const path = join(bench.directory, name);
  await mkdir(path, { recursive: true });
  return path;
}
