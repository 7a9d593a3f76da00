import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory } from '../../../telemetry/make-directory.ts';

/** Writes the whole file or leaves the old one: nobody ever reads half of it. Only its owner may read it. */
export function writeFileAtomically(file: string, content: string): void {
  makeDirectory(path.dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
