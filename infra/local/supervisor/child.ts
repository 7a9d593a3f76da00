import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../repository.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { removePidFile, writePidFile } from '../state/pid-files.ts';
import { stackVariable } from '../state/port-holder.ts';
import type { CriLogWriter, OutputStream } from './cri-log.ts';
import { nicely, sessionGivesWay } from './niceness.ts';

/** Output may arrive after the exit; a grandchild that keeps the pipe open may not hold us up (milliseconds). */
const drainMs = 1_000;

/** What a child gets of our own environment; all else comes from its spec, so that no secret leaks into it. */
const inherited = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'JAVA_HOME',
  'NODE_COMPILE_CACHE',
];

/** A running child in a process group of its own, which Ctrl-C at a terminal does not reach. */
export interface Child {
  readonly pid: number | undefined;
  /** Resolves with the reason when it has ended, its output is written and its group is gone. */
  readonly ended: Promise<string>;
  signal(signal: NodeJS.Signals): void;
}

/** @param toolPath where the toolchain found the binary; undefined for this repository's own scripts. */
export function spawnChild(
  spec: ProcessSpec,
  stateDir: string,
  toolPath: string | undefined,
  log: CriLogWriter,
  onLogLost: (error: unknown) => void,
): Child {
  const [file, args] = commandLine(spec, toolPath);
  const cwd = path.join(stateDir, 'data', spec.name);
  mkdirSync(cwd, { recursive: true });
  const own = Object.fromEntries(
    inherited.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const child = spawn(...nicely(spec.niceness, file, args), {
    cwd,
    detached: true,
    env: { ...own, ...spec.env, [stackVariable]: stateDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Attached before anything else can happen: a failed spawn reports by event.
  const ended = whenEnded(child);
  if (child.pid !== undefined) {
    if (spec.niceness !== undefined) void sessionGivesWay(child.pid, spec.niceness);
    try {
      writePidFile(stateDir, { name: spec.name, pid: child.pid, command: [file, ...args].join(' ') });
    } catch (error) {
      // Without its pid file nobody would find it after the supervisor's death.
      signalGroup(child.pid, 'SIGKILL');
      throw error;
    }
  }
  const keep = (stream: OutputStream, chunk: Buffer): void => {
    try {
      log.write(stream, chunk);
    } catch (error) {
      onLogLost(error);
    }
  };
  child.stdout.on('data', (chunk: Buffer) => keep('stdout', chunk));
  child.stderr.on('data', (chunk: Buffer) => keep('stderr', chunk));
  const signal = (name: NodeJS.Signals): void => signalGroup(child.pid, name);
  return {
    pid: child.pid,
    signal,
    ended: ended.then(async (reason) => {
      // What it started goes with it, or its ports would stay in use.
      signal('SIGKILL');
      await outputEnded(child);
      try {
        log.flush();
      } catch (error) {
        onLogLost(error);
      }
      removePidFile(stateDir, spec.name);
      return reason;
    }),
  };
}

function commandLine(
  spec: ProcessSpec,
  toolPath: string | undefined,
): [file: string, args: readonly string[]] {
  if ('script' in spec.run) {
    return [process.execPath, [path.resolve(repositoryRoot, spec.run.script), ...spec.run.args]];
  }
  if (toolPath === undefined) throw new Error(`${spec.name} was started before its tool was found`);
  const toolHome = path.dirname(path.dirname(toolPath));
  return [toolPath, spec.run.args.map((arg) => arg.replaceAll('{toolHome}', toolHome))];
}

function whenEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot be run: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `ended by ${signal}`),
    );
  });
}

async function outputEnded(child: ChildProcess): Promise<void> {
  const open = [child.stdout, child.stderr].filter((stream) => stream !== null && !stream.closed);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), drainMs);
  await Promise.all(
    open.map((stream) => stream && once(stream, 'close', { signal: timeout.signal }).catch(() => {})),
  );
  clearTimeout(timer);
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the whole group has ended, which is what was wanted.
  }
}
