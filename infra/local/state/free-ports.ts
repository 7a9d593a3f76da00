import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SightlineError } from '../../../telemetry/errors.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { findPortHolder, type PortHolder } from './port-holder.ts';

export interface PortConflict {
  readonly process: string;
  readonly port: number;
  readonly holder: PortHolder | undefined;
}

/** Every port of the plan that somebody else listens on. Nothing is left listening. */
export async function findPortConflicts(processes: readonly ProcessSpec[]): Promise<readonly PortConflict[]> {
  const ports = processes.flatMap((spec) => spec.ports.map((port) => ({ process: spec.name, port })));
  const taken = await Promise.all(ports.map(async ({ port }) => !(await isPortFree(port))));
  return ports
    .filter((_, index) => taken[index])
    .map(({ process, port }) => ({ process, port, holder: findPortHolder(port) }));
}

/** A process that was just killed keeps its sockets for a moment after it can no longer be found (milliseconds). */
const lingeringMs = 3_000;

/** Throws SL1303 naming every port in use and who holds it. */
export async function requireFreePorts(processes: readonly ProcessSpec[]): Promise<void> {
  const deadline = Date.now() + lingeringMs;
  let conflicts = await findPortConflicts(processes);
  while (conflicts.some(({ holder }) => holder?.pid === undefined) && Date.now() < deadline) {
    await delay(50);
    conflicts = await findPortConflicts(processes);
  }
  const first = conflicts[0];
  if (first === undefined) return;
  const holders = conflicts.map(
    (conflict) => `${conflict.port} (${conflict.process}) by ${describe(conflict.holder)}`,
  );
  const theirStack = first.holder?.stateDir;
  throw new SightlineError('SL1303', {
    what: `${conflicts.length === 1 ? 'a port is' : `${conflicts.length} ports are`} in use: ${holders.join('; ')}`,
    where: `port ${first.port}`,
    fix:
      theirStack === undefined
        ? 'stop what holds it, or move every port: npm start -- --port-offset 10000'
        : `stop that stack: npm run down -- --state-dir ${theirStack}; or move this one: npm start -- --port-offset 10000`,
  });
}

export function describe(holder: PortHolder | undefined): string {
  if (holder === undefined) return 'a process that could not be found';
  const who = holder.pid === undefined ? holder.command : `pid ${holder.pid}: ${holder.command}`;
  return holder.stateDir === undefined ? who : `${who} [Sightline stack ${holder.stateDir}]`;
}

/** Tries the loopback and the wildcard: on macOS binding one succeeds while another process holds the other. */
async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 answers EAFNOSUPPORT or EADDRNOTAVAIL: that is no conflict.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
