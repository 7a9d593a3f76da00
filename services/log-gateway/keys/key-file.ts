import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { lockSync } from 'proper-lockfile';
import { writeFileAtomically } from '../../../telemetry/atomic-file.ts';
import { SightlineError } from '../../../telemetry/errors.ts';
import { makeDirectory } from '../../../telemetry/make-directory.ts';
import { type KeyRecord, keyFileSchema } from './key-record.ts';

/** What there is before the first key is made. */
const none: readonly KeyRecord[] = [];

/** @throws SightlineError SL1710 where others may read the file, or it is not one of API keys */
export function readKeys(file: string): readonly KeyRecord[] {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return none;
  if ((found.mode & forbiddenModes(found, process.getuid?.())) !== 0) {
    throw unusable(file, 'others than its owner may read or write it', `chmod 600 ${file}`);
  }
  try {
    return keyFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).keys;
  } catch (cause) {
    throw unusable(file, 'it is damaged', 'restore it from a backup, or remove it and make new keys', cause);
  }
}

/**
 * Modes that let others at the file. One that Kubernetes mounts from a Secret is root's, and its group's to read: that of
 * the pod alone, which is not root.
 */
export const forbiddenModes = ({ uid }: { readonly uid: number }, self: number | undefined): number =>
  uid === 0 && self !== 0 ? 0o037 : 0o077;

/** Changes the file as a whole, one writer at a time. @throws SightlineError SL1710 */
export function changeKeys<T>(
  file: string,
  change: (keys: readonly KeyRecord[]) => { readonly keys: readonly KeyRecord[]; readonly result: T },
): T {
  const unlock = lock(file);
  try {
    const { keys, result } = change(readKeys(file));
    writeFileAtomically(file, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`, 0o600);
    return result;
  } finally {
    unlock();
  }
}

function lock(file: string): () => void {
  try {
    makeDirectory(dirname(file), 0o700);
    return lockSync(file, { realpath: false });
  } catch (cause) {
    throw unusable(file, 'it cannot be locked', 'let the command write there, and run one at a time', cause);
  }
}

function unusable(where: string, what: string, fix: string, cause?: unknown): SightlineError {
  return new SightlineError('SL1710', { what: `the API keys cannot be used: ${what}`, where, fix, cause });
}
