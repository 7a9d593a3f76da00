import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SightlineError } from '../../../../telemetry/errors.ts';
import { makeDirectory } from '../../../../telemetry/make-directory.ts';

export type LockName = 'gateway' | 'ingestor';

export interface ProcessLock {
  release(): void;
}

/**
 * One process a role and directory. The lock is SQLite's own on a file that holds nothing: the system takes it from a
 * process that dies, however it dies, so it is never stale. Who has it is written beside it, for the message.
 *
 * @throws SightlineError SL1720 naming the holder
 */
export function lockQueue(directory: string, name: LockName): ProcessLock {
  makeDirectory(directory);
  const holder = join(directory, `${name}.holder`);
  const database = new DatabaseSync(join(directory, `${name}.lock`), { timeout: 1000 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new SightlineError('SL1720', {
      what: `another log-${name} works on this queue${heldBy(holder)}`,
      where: directory,
      fix: `stop it, or give this one a queue.directory of its own; several ingestors need Kafka`,
      cause,
    });
  }
  writeFileSync(holder, `process ${process.pid} on ${hostname()} since ${new Date().toISOString()}\n`);
  return {
    release() {
      rmSync(holder, { force: true });
      database.close();
    },
  };
}

function heldBy(path: string): string {
  try {
    return `: ${readFileSync(path, 'utf8').trim()}`;
  } catch {
    return '';
  }
}
