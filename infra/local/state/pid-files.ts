import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../../../telemetry/atomic-file.ts';
import { processStartTime } from './process-identity.ts';

/** A process of the stack as its pid file remembers it, after its supervisor may have died. */
export interface PidRecord {
  readonly name: string;
  readonly pid: number;
  /** See processStartTime: guards against a pid that now belongs to somebody else. */
  readonly startTime: string;
  readonly command: string;
}

/** The supervisor's own record; its socket is noted because TMPDIR may differ between two shells. */
export interface SupervisorRecord extends PidRecord {
  readonly socket: string;
}

const supervisorFile = 'supervisor.json';

/** Notes a child that was just spawned; a child already gone has nothing to note. */
export function writePidFile(stateDir: string, record: Omit<PidRecord, 'startTime'>): void {
  const startTime = processStartTime(record.pid);
  if (startTime === undefined) return;
  writeFileAtomically(pidFile(stateDir, record.name), JSON.stringify({ ...record, startTime }));
}

export function removePidFile(stateDir: string, name: string): void {
  rmSync(pidFile(stateDir, name), { force: true });
}

/** The children that pid files speak of, dead or alive. A torn or foreign file is passed over. */
export function readPidFiles(stateDir: string): readonly PidRecord[] {
  try {
    return readdirSync(path.join(stateDir, 'run'))
      .filter((file) => file.endsWith('.pid.json'))
      .map((file) => readRecord(path.join(stateDir, 'run', file)))
      .filter((record) => record !== undefined);
  } catch {
    return [];
  }
}

export function writeSupervisorFile(stateDir: string, record: Omit<SupervisorRecord, 'startTime'>): void {
  const startTime = processStartTime(record.pid) ?? '';
  writeFileAtomically(path.join(stateDir, 'run', supervisorFile), JSON.stringify({ ...record, startTime }));
}

export function readSupervisorFile(stateDir: string): SupervisorRecord | undefined {
  const record = readRecord(path.join(stateDir, 'run', supervisorFile));
  return record !== undefined && 'socket' in record && typeof record.socket === 'string'
    ? { ...record, socket: record.socket }
    : undefined;
}

export function removeSupervisorFile(stateDir: string): void {
  rmSync(path.join(stateDir, 'run', supervisorFile), { force: true });
}

function pidFile(stateDir: string, name: string): string {
  return path.join(stateDir, 'run', `${name}.pid.json`);
}

function readRecord(file: string): PidRecord | undefined {
  try {
    const record: Partial<PidRecord> = JSON.parse(readFileSync(file, 'utf8'));
    const { pid } = record;
    const whole =
      typeof pid === 'number' && Number.isInteger(pid) && pid > 1 && typeof record.name === 'string';
    return whole && typeof record.startTime === 'string' && typeof record.command === 'string'
      ? (record as PidRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
