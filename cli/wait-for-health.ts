import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isWrong, type ProcessStatus, type StackStatus } from '../infra/local/supervisor/status.ts';
import { SightlineError } from '../telemetry/errors.ts';

/** A process that failed this often without having been stable will not mend itself. */
const hopelessFailures = 5;

/** Nothing new from any process or tool for this long (milliseconds) means that it hangs. */
export const patienceMs = 180_000;

export type Verdict =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'waiting' }
  /** Waiting longer is of no use; the processes that are the reason. */
  | { readonly kind: 'hopeless'; readonly because: readonly ProcessStatus[] };

/** Whether a stack that comes up is there, still coming, or never will be. Optional processes do not count. */
export function judge(status: StackStatus): Verdict {
  if (status.state === 'healthy') return { kind: 'healthy' };
  const needed = status.processes.filter(({ optional }) => !optional);
  const coming = needed.some(({ state }) => state === 'waiting' || state === 'starting');
  const crashing = needed.filter(
    ({ state, failuresInARow }) => state !== 'running' && failuresInARow >= hopelessFailures,
  );
  if (crashing.length > 0) return { kind: 'hopeless', because: crashing };
  // What cannot be had is told once all the rest is there: the rest is worth having.
  const unavailable = needed.filter(({ state }) => state === 'unavailable');
  return unavailable.length > 0 && !coming ? { kind: 'hopeless', because: unavailable } : { kind: 'waiting' };
}

/** What changes when there is progress: the deadline starts anew then. */
export function progressKey(status: StackStatus): string {
  return status.processes
    .map(({ name, state, health, detail }) => `${name} ${state} ${health} ${detail}`)
    .join('\n');
}

/** SL1008 with what is wrong with each process, and the last lines of those that crash. */
export function notHealthy(status: StackStatus, because: readonly ProcessStatus[]): SightlineError {
  const culprits =
    because.length > 0 ? because : status.processes.filter((one) => !one.optional && !isFine(one));
  const reasons = culprits.map((one) => {
    const reason = one.error?.what ?? [one.detail, one.lastExit].find((text) => text) ?? 'no reason known';
    const lines = one.error === undefined ? lastLines(one.log, 5) : [];
    return [`${one.name} is ${one.state}: ${reason}`, ...lines.map((line) => `    | ${line}`)].join('\n');
  });
  const fix = culprits.find(({ error }) => error !== undefined)?.error?.fix;
  return new SightlineError('SL1008', {
    what: `the stack is ${status.state}\n  ${reasons.join('\n  ')}`,
    where: culprits.map(({ log }) => log).join(', ') || status.stateDir,
    fix: `${fix ?? 'look into that log'}; the rest keeps running: npm run status, npm run down`,
  });
}

function isFine(process: ProcessStatus): boolean {
  return process.state === 'running' && !isWrong(process);
}

/** The last lines of a CRI log without its own prefix; none when there is no log. */
export function lastLines(file: string, count: number): readonly string[] {
  try {
    const fd = openSync(file, 'r');
    try {
      const tail = Buffer.alloc(8_192);
      const { size } = fstatSync(fd);
      const read = readSync(fd, tail, 0, tail.length, Math.max(0, size - tail.length));
      const lines = tail.subarray(0, read).toString('utf8').trimEnd().split('\n').slice(-count);
      return lines.map((line) => line.replace(/^\S+ (stdout|stderr) [FP] /, '').slice(0, 300));
    } finally {
      closeSync(fd);
    }
  } catch {
    return [];
  }
}
