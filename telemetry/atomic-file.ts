import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory } from './make-directory.ts';

/** What others may read, before the umask: what is rendered to be looked at or mounted elsewhere. */
export const readableByAll = 0o666;

/**
 * Writes the whole file or leaves the old one: nobody ever reads half of it. Only its owner may read it unless
 * another mode is given.
 */
export function writeFileAtomically(file: string, content: string | Uint8Array, mode = 0o600): void {
  makeDirectory(path.dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
