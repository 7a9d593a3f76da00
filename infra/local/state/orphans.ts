import { setTimeout as delay } from 'node:timers/promises';
import { SightlineError } from '../../../telemetry/errors.ts';
import { type PidRecord, readPidFiles, removePidFile } from './pid-files.ts';
import { commandOf, processIds, stackOfProcess } from './port-holder.ts';
import { isSameProcess, processStartTime } from './process-identity.ts';

const politeMs = 5_000;
const killMs = 5_000;

/** Processes of a stack whose supervisor is gone, from pid files and, on Linux, from their environment. */
function findOrphans(stateDir: string): readonly PidRecord[] {
  const remembered = readPidFiles(stateDir).filter((record) => isSameProcess(record.pid, record.startTime));
  const known = new Set(remembered.map((record) => record.pid));
  // A supervisor killed between spawn and pid file, or a grandchild in a group of its own, leaves no pid file.
  const marked = processIds()
    .filter((pid) => !known.has(pid) && pid !== process.pid && stackOfProcess(pid) === stateDir)
    .flatMap((pid): PidRecord[] => {
      const startTime = processStartTime(pid);
      const command = commandOf(pid);
      return startTime === undefined
        ? []
        : [{ name: command.split(' ')[0] ?? command, pid, startTime, command }];
    });
  return [...remembered, ...marked];
}

/** Ends every orphan of the stack and forgets its pid files. Gives those it ended; throws SL1311 if one stays. */
export async function endOrphans(stateDir: string): Promise<readonly PidRecord[]> {
  const orphans = findOrphans(stateDir);
  await Promise.all(orphans.map((orphan) => endProcess(orphan)));
  for (const { name } of readPidFiles(stateDir)) removePidFile(stateDir, name);
  return orphans;
}

/** SIGTERM, then SIGKILL, to a process and its group; resolves when it is gone. Throws SL1311 if it stays. */
export async function endProcess(target: PidRecord): Promise<void> {
  signalGroup(target, 'SIGTERM');
  if (await goneWithin(target, politeMs)) return;
  signalGroup(target, 'SIGKILL');
  if (await goneWithin(target, killMs)) return;
  throw new SightlineError('SL1311', {
    what: `process ${target.pid} (${target.name}) is still there ${killMs / 1000} s after SIGKILL`,
    where: target.command,
    fix: `look at it with: ps -o pid,stat,wchan,command -p ${target.pid}`,
  });
}

function signalGroup(target: PidRecord, signal: NodeJS.Signals): void {
  if (!isSameProcess(target.pid, target.startTime)) return;
  // A group leader's group goes with it; one that leads no group (ESRCH) is signalled alone.
  for (const pid of [-target.pid, target.pid]) {
    try {
      process.kill(pid, signal);
      return;
    } catch {}
  }
}

async function goneWithin(target: PidRecord, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isSameProcess(target.pid, target.startTime)) {
    if (Date.now() > deadline) return false;
    await delay(25);
  }
  return true;
}
