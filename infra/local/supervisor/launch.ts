import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SightlineError } from '../../../telemetry/errors.ts';
import { namesOf } from '../extras.ts';
import { endOrphans, endProcess } from '../state/orphans.ts';
import { readSupervisorFile, removeSupervisorFile } from '../state/pid-files.ts';
import { isSameProcess } from '../state/process-identity.ts';
import { withStackLock } from '../state/stack-lock.ts';
import { openStateDir } from '../state/state-dir.ts';
import { readStackStatus, requestStop } from './control-client.ts';
import { type DaemonOptions, daemonArguments, type LaunchReport } from './daemon-options.ts';
import type { StackStatus } from './status.ts';

export const supervisorScript = path.join(import.meta.dirname, 'main.ts');

/** A supervisor has this long to plan, end orphans and listen (milliseconds). */
const launchMs = 60_000;

/**
 * Attaches to the supervisor of the state directory, or launches one. Two at once are safe: the second waits, then
 * attaches. Throws what the plan, the state directory or the ports throw; SL1305 when the supervisor dies at once,
 * SL1307 when one runs there with another offset, SL1313 when it runs with other extras than were asked for.
 */
export async function ensureSupervisor(
  options: DaemonOptions,
  context: { readonly script: string; readonly env: NodeJS.ProcessEnv; readonly onWaiting?: () => void },
): Promise<{ readonly attached: boolean; readonly status: StackStatus }> {
  openStateDir(options.stateDir);
  const work = async () => {
    const running = await readStackStatus(options.stateDir);
    if (running?.state === 'stopping') await supervisorGone(options.stateDir, launchMs);
    else if (running !== undefined) return { attached: true, status: sameStack(running, options) };
    // One that hangs or was killed leaves its record; nobody listens, so what is left of it is ended.
    await endSupervisor(options.stateDir);
    await launch(options, context.script, context.env);
    const status = await readStackStatus(options.stateDir);
    if (status === undefined) throw didNotStart(options.stateDir, 'it came up and ended at once');
    return { attached: false, status };
  };
  const { onWaiting } = context;
  return withStackLock(options.stateDir, work, onWaiting === undefined ? {} : { onWaiting });
}

export interface StopResult {
  readonly wasRunning: boolean;
  /** Names of the processes that had lost their supervisor and were ended. */
  readonly orphans: readonly string[];
}

/** Stops the stack of a state directory, its supervisor alive or not. Throws SL1311 when a process stays. */
export async function stopStack(stateDir: string, patienceMs = 120_000): Promise<StopResult> {
  return withStackLock(stateDir, async () => {
    const record = readSupervisorFile(stateDir);
    const wasRunning = record !== undefined && isSameProcess(record.pid, record.startTime);
    // One that hangs cannot be asked, only ended.
    const asked = await requestStop(stateDir).catch(() => false);
    if (asked) await supervisorGone(stateDir, patienceMs);
    await endSupervisor(stateDir);
    const orphans = await endOrphans(stateDir);
    return { wasRunning, orphans: orphans.map(({ name }) => name) };
  });
}

/** Waits until the supervisor's process is gone; false when it is still there after so many milliseconds. */
async function supervisorGone(stateDir: string, patienceMs: number): Promise<boolean> {
  const record = readSupervisorFile(stateDir);
  if (record === undefined) return true;
  const deadline = Date.now() + patienceMs;
  while (isSameProcess(record.pid, record.startTime)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}

async function endSupervisor(stateDir: string): Promise<void> {
  const record = readSupervisorFile(stateDir);
  if (record !== undefined && isSameProcess(record.pid, record.startTime)) await endProcess(record);
  removeSupervisorFile(stateDir);
}

/** Whoever asks for no extras takes those that run. */
function sameStack(running: StackStatus, options: DaemonOptions): StackStatus {
  const { with: asked = running.with } = options;
  if (namesOf(running.with) !== namesOf(asked)) {
    throw new SightlineError('SL1313', {
      what: `the stack runs already, with ${namesOf(running.with)} added, not with ${namesOf(asked)}`,
      where: options.stateDir,
      fix: 'stop it first with npm run down, or start a second one with another --port-offset',
    });
  }
  if (running.portOffset === options.portOffset) return running;
  throw new SightlineError('SL1307', {
    what: `a stack with port offset ${running.portOffset} already runs on this state directory`,
    where: options.stateDir,
    fix: `use --port-offset ${running.portOffset}, another --state-dir, or stop it first: npm run down`,
  });
}

async function launch(options: DaemonOptions, script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const errors = path.join(options.stateDir, 'run', 'supervisor.stderr');
  const fd = openSync(errors, 'w', 0o600);
  const child = spawn(process.execPath, [script, ...daemonArguments(options)], {
    detached: true,
    env,
    stdio: ['ignore', 'ignore', fd, 'ipc'],
  });
  closeSync(fd);
  const report = await launchReport(child);
  if (child.connected) child.disconnect();
  child.unref();
  if (report === undefined)
    throw didNotStart(options.stateDir, readFileSync(errors, 'utf8').slice(-2_000).trim());
  if (report.kind === 'failed') throw new SightlineError(report.error.code, report.error);
}

function launchReport(child: ChildProcess): Promise<LaunchReport | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(undefined);
    }, launchMs);
    const settle = (report: LaunchReport | undefined): void => {
      clearTimeout(timer);
      resolve(report);
    };
    child.once('message', (message) => settle(message as LaunchReport));
    child.once('error', () => settle(undefined));
    child.once('exit', () => settle(undefined));
  });
}

function didNotStart(stateDir: string, reason: string): SightlineError {
  return new SightlineError('SL1305', {
    what: `the supervisor did not start: ${reason === '' ? 'it said nothing' : reason}`,
    where: path.join(stateDir, 'supervisor.log'),
    fix: 'look into that log; npm run doctor checks the machine',
  });
}
