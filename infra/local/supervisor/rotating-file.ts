import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

export interface RotationLimits {
  /** The file is put aside before it would grow beyond this many bytes. */
  readonly maxBytes: number;
  /** How many files put aside are kept. */
  readonly keep: number;
}

/** The kubelet's defaults are 10 MiB and five files in all. */
export const kubeletRotation: RotationLimits = { maxBytes: 10 * 1024 * 1024, keep: 4 };

const closed = -1;

/**
 * A file that is appended to and rotated by size as the kubelet does it: renamed to `<file>.<time>`, which a reader
 * of `*.log` no longer matches but a reader that has it open can finish. Writes are synchronous: they go to the page
 * cache, nothing is buffered here, and what a dead process wrote is never lost with its supervisor.
 */
export class RotatingFile {
  readonly #path: string;
  readonly #limits: RotationLimits;
  #fd: number;
  #size: number;

  constructor(file: string, limits: RotationLimits = kubeletRotation) {
    this.#path = file;
    this.#limits = limits;
    mkdirSync(path.dirname(file), { recursive: true });
    [this.#fd, this.#size] = openForAppend(file);
  }

  /** Appends whole lines; they stay together in one file, whatever its size. Throws what the disk throws. */
  append(lines: Buffer): void {
    // Left closed by a rotation that failed (disk full, directory removed).
    if (this.#fd === closed) [this.#fd, this.#size] = openForAppend(this.#path);
    if (this.#size > 0 && this.#size + lines.length > this.#limits.maxBytes) this.#rotate();
    let written = 0;
    while (written < lines.length) written += writeSync(this.#fd, lines, written);
    this.#size += lines.length;
  }

  close(): void {
    if (this.#fd !== closed) closeSync(this.#fd);
    this.#fd = closed;
  }

  #rotate(): void {
    this.close();
    renameSync(this.#path, this.#asideName());
    this.#prune();
    [this.#fd, this.#size] = openForAppend(this.#path);
  }

  /** As the kubelet names it (`0.log.20261121-101500`), with a counter when two fall into one second. */
  #asideName(): string {
    const time = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const base = `${path.basename(this.#path)}.${time}`;
    // After the newest of that second rather than any free name: older ones may have been pruned.
    const newest = this.#aside().findLast((name) => name.startsWith(base));
    const count = newest === undefined ? 0 : Number(newest.slice(base.length + 1)) + 1;
    const name = count === 0 ? base : `${base}.${String(count).padStart(3, '0')}`;
    return path.join(path.dirname(this.#path), name);
  }

  #prune(): void {
    const aside = this.#aside();
    for (const name of aside.slice(0, Math.max(0, aside.length - this.#limits.keep))) {
      rmSync(path.join(path.dirname(this.#path), name), { force: true });
    }
  }

  /** The names of the files put aside, oldest first. */
  #aside(): readonly string[] {
    return readdirSync(path.dirname(this.#path))
      .filter((name) => name.startsWith(`${path.basename(this.#path)}.`))
      .sort();
  }
}

/** Opens the file and closes a line that a killed supervisor left torn, so that the next one starts clean. */
function openForAppend(file: string): [fd: number, size: number] {
  const fd = openSync(file, 'a+', 0o600);
  const { size } = fstatSync(fd);
  if (size === 0) return [fd, 0];
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  if (last[0] === 0x0a) return [fd, size];
  writeSync(fd, '\n');
  return [fd, size + 1];
}
