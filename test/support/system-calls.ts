import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const noStrace = 'strace is not installed (Debian: apt-get install strace)';

export const hasStrace = spawnSync('strace', ['-V']).status === 0;

/** Arguments of strace that write what `readTrace` reads. */
export const straceArguments = (file: string): readonly string[] => [
  '-f',
  '-y',
  '-qq',
  ...['-s', '64'],
  ...['-e', 'trace=write,writev,sendto,sendmsg,pwrite64,pwritev,fdatasync,fsync'],
  ...['-o', file],
];

interface Durability {
  /** Acknowledgements that were sent. */
  readonly acknowledged: number;
  /** Those before which nothing was written to the log of the database, or what was written was not synced. */
  readonly early: readonly string[];
}

const writeCall = /^(\d+) +p?write(?:64|v)?\(\d+<([^>]*-wal)>/;
const syncCall = /^(\d+) +f(?:data)?sync\(\d+<([^>]*-wal)>(.*)$/;
const syncResumed = /^(\d+) +<\.\.\. f(?:data)?sync resumed>\) += 0/;

/**
 * Whether each acknowledgement came after its batch was written to the write-ahead log and that log was synced. A
 * process that is killed keeps its page cache, so only the order of the system calls can tell.
 */
export function readTrace(file: string, acknowledgement: RegExp): Durability {
  let acknowledged = 0;
  let state: 'nothing written' | 'written, not synced' | 'synced' = 'nothing written';
  const early: string[] = [];
  const syncing = new Set<string>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const sync = syncCall.exec(line);
    const resumed = syncResumed.exec(line);
    if (writeCall.test(line)) {
      state = 'written, not synced';
    } else if (sync?.[1] !== undefined && sync[3]?.includes('unfinished') === true) {
      syncing.add(sync[1]);
    } else if (sync?.[3]?.endsWith('= 0') === true || (resumed?.[1] && syncing.delete(resumed[1]))) {
      if (state === 'written, not synced') state = 'synced';
    } else if (acknowledgement.test(line)) {
      acknowledged += 1;
      if (state !== 'synced') early.push(`${state}: ${line}`);
      state = 'nothing written';
    }
  }
  return { acknowledged, early };
}
