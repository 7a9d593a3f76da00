import { rmSync } from 'node:fs';
import path from 'node:path';
import type { LocalOptions } from '../plan.ts';
import type { LocalPlan } from '../process-spec.ts';
import { writeConfigFiles } from '../state/config-files.ts';
import { requireFreePorts } from '../state/free-ports.ts';
import { endOrphans } from '../state/orphans.ts';
import { removeSupervisorFile, writeSupervisorFile } from '../state/pid-files.ts';
import { processStartTime } from '../state/process-identity.ts';
import { openStateDir } from '../state/state-dir.ts';
import { errorReport, listenForControl } from './control-server.ts';
import { controlSocketPath } from './control-socket.ts';
import { type LaunchReport, parseDaemonOptions } from './daemon-options.ts';
import { startOrder } from './plan-order.ts';
import { RotatingFile } from './rotating-file.ts';
import { Supervisor } from './supervisor.ts';
import type { FindTools } from './tool-states.ts';

export type PlanLocal = (options: LocalOptions) => Promise<LocalPlan>;

/** 2 MiB and two older files: enough to see what happened, too little to matter. */
const logLimits = { maxBytes: 2 * 1024 * 1024, keep: 2 };

/** The owner in the foreground is looked for this often (milliseconds). */
const ownerPollMs = 1_000;

/**
 * The supervisor's process. Reports to the command that launched it over IPC whether it came up, then lives by
 * itself until it is asked to stop, is signalled, or its owner is gone.
 */
export async function runDaemon(planLocal: PlanLocal, findTools: FindTools): Promise<void> {
  try {
    await bringUp(planLocal, findTools);
    await report({ kind: 'listening' });
  } catch (error) {
    await report({ kind: 'failed', error: errorReport(error) });
    process.exit(1);
  }
}

function report(message: LaunchReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });
}

async function bringUp(planLocal: PlanLocal, findTools: FindTools): Promise<void> {
  const { owner, ...options } = parseDaemonOptions(process.argv.slice(2));
  const { stateDir, portOffset, with: extras = [] } = options;
  openStateDir(stateDir);
  const log = openLog(stateDir);
  const plan = await planLocal({ ...options, env: process.env });
  const orphans = await endOrphans(stateDir);
  for (const orphan of orphans) log(`ended the orphan ${orphan.name} (pid ${orphan.pid})`);
  await requireFreePorts(startOrder(plan.processes));
  writeConfigFiles(stateDir, new Map([...plan.files, ...plan.secretFiles]));
  plan.prepare?.();
  const supervisor = new Supervisor(plan, { stateDir, portOffset, with: extras, owner, findTools, log });

  const socket = controlSocketPath(stateDir);
  let ending = false;
  const end = async (force: boolean): Promise<void> => {
    const stopped = supervisor.stop(force);
    if (ending) return;
    ending = true;
    log('stopping');
    await stopped;
    log('stopped');
    removeSupervisorFile(stateDir);
    rmSync(socket, { force: true });
    process.exit(0);
  };
  await listenForControl(socket, supervisor, (force) => void end(force));
  writeSupervisorFile(stateDir, {
    name: 'supervisor',
    pid: process.pid,
    command: process.argv.join(' '),
    socket,
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(false));
  process.on('uncaughtException', (error) => {
    log(`this is a bug: ${error.stack ?? String(error)}`);
    void end(true);
  });
  process.on('unhandledRejection', (reason) => {
    log(`this is a bug: ${reason instanceof Error ? reason.stack : String(reason)}`);
  });
  if (owner !== null) endWithOwner(owner, () => void end(false));
  log(`supervises ${plan.processes.length} processes, port offset ${portOffset}`);
  supervisor.start();
}

/** A stack in the foreground does not outlive its terminal, not even when that was killed. */
function endWithOwner(owner: number, end: () => void): void {
  const startTime = processStartTime(owner);
  const timer = setInterval(() => {
    if (startTime !== undefined && processStartTime(owner) === startTime) return;
    clearInterval(timer);
    end();
  }, ownerPollMs);
}

function openLog(stateDir: string): (message: string) => void {
  const file = new RotatingFile(path.join(stateDir, 'supervisor.log'), logLimits);
  return (message) => {
    try {
      file.append(Buffer.from(`${new Date().toISOString()} ${message}\n`));
    } catch {
      // A full disk must not end the stack.
    }
  };
}
