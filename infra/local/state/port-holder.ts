import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Who listens on a TCP port, as far as the system lets us see it. */
export interface PortHolder {
  readonly pid?: number;
  readonly command: string;
  /** The state directory, when the holder belongs to a Sightline stack. */
  readonly stateDir?: string;
}

/** Every process of a stack carries its state directory in this variable, and so do its own children. */
export const stackVariable = 'SIGHTLINE_STACK';

/** Finds the process that listens on a port; undefined when nobody does. */
export function findPortHolder(port: number): PortHolder | undefined {
  return process.platform === 'linux' ? holderFromProc(port) : holderFromLsof(port);
}

function holderFromProc(port: number): PortHolder | undefined {
  const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listenersOf(table, port));
  if (listening.length === 0) return undefined;
  const links = new Set(listening.map(({ inode }) => `socket:[${inode}]`));
  for (const pid of processIds()) {
    if (!holdsSocket(pid, links)) continue;
    const stateDir = stackOfProcess(pid);
    return { pid, command: commandOf(pid), ...(stateDir === undefined ? {} : { stateDir }) };
  }
  return {
    command: `a process of user id ${listening[0]?.uid ?? 'unknown'} that this user may not look into`,
  };
}

/** `sl local_address rem_address st … uid timeout inode`; state 0A is LISTEN, ports are hexadecimal. */
function listenersOf(table: string, port: number): { readonly inode: string; readonly uid: string }[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readOr(table, '')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && fields[1]?.endsWith(suffix))
    .map((fields) => ({ uid: fields[7] ?? '', inode: fields[9] ?? '' }));
}

/** Every process on this machine (Linux only: empty elsewhere). */
export function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** The state directory of the stack that a process belongs to, from its environment (Linux only). */
export function stackOfProcess(pid: number): string | undefined {
  const prefix = `${stackVariable}=`;
  return readOr(`/proc/${pid}/environ`, '')
    .split('\0')
    .find((entry) => entry.startsWith(prefix))
    ?.slice(prefix.length);
}

export function commandOf(pid: number): string {
  const words = readOr(`/proc/${pid}/cmdline`, '').split('\0').join(' ').trim();
  const command = words === '' ? readOr(`/proc/${pid}/comm`, 'unknown').trim() : words;
  return command.length > 120 ? `${command.slice(0, 119)}…` : command;
}

function holdsSocket(pid: number, links: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => links.has(linkOr(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false;
  }
}

function holderFromLsof(port: number): PortHolder | undefined {
  try {
    const options: ExecFileSyncOptionsWithStringEncoding = {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    };
    const fields = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], options);
    const pid = Number(/^p(\d+)/m.exec(fields)?.[1]);
    if (!Number.isInteger(pid)) return undefined;
    return { pid, command: execFileSync('ps', ['-o', 'command=', '-p', String(pid)], options).trim() };
  } catch {
    return undefined;
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function linkOr(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
