import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeDirectory } from '../../../telemetry/make-directory.ts';

const run = promisify(execFile);
const block = Buffer.alloc(256 * 1024);

/** A disk in memory that can be filled to the last byte. */
export interface SmallDisk {
  readonly directory: string;
  fill(): void;
  empty(): void;
  unmount(): Promise<void>;
}

/** Mounts it, which only root may; gives why not where it cannot. */
export async function mountSmallDisk(directory: string, megabytes: number): Promise<SmallDisk | string> {
  makeDirectory(directory);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return `a small disk cannot be mounted here: ${reason}`;
  }
  const filler = join(directory, 'filler');
  return {
    directory,
    fill: () => fillUp(filler),
    empty: () => rmSync(filler, { force: true }),
    unmount: async () => {
      await run('umount', [directory]);
    },
  };
}

function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = block.byteLength; size >= 1; size = Math.floor(size / 2)) writeUntilFull(file, size);
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, size: number): void {
  try {
    while (writeSync(file, block, 0, size) === size);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
