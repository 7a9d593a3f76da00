import { kubeletRotation, RotatingFile, type RotationLimits } from './rotating-file.ts';

export type OutputStream = 'stdout' | 'stderr';

/** The container runtimes' limit for one line; what is longer is written as partial lines. */
const maxLineBytes = 16 * 1024;

const newline = 0x0a;

/**
 * Writes a process's output as a container runtime does under /var/log/pods, so that Promtail's CRI stage reads it
 * unchanged: `2026-11-21T10:00:00.123456789Z stdout F line`. A line beyond 16 KiB becomes `P` lines and a last `F`.
 * Works on bytes, one write a chunk. Timestamps grow strictly within the file: Loki would drop a twin.
 */
export class CriLogWriter {
  readonly #file: RotatingFile;
  readonly #now: () => number;
  readonly #rest: Record<OutputStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  #lastSecond = 0;
  #lastNanos = -1;

  /** @param now milliseconds since the epoch. */
  constructor(path: string, limits: RotationLimits = kubeletRotation, now: () => number = Date.now) {
    this.#file = new RotatingFile(path, limits);
    this.#now = now;
  }

  /** Takes output as it comes, torn anywhere. Throws what the disk throws. */
  write(stream: OutputStream, chunk: Buffer): void {
    const rest = this.#rest[stream];
    const input = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const output: (Buffer | string)[] = [];
    let start = 0;
    for (let end = input.indexOf(newline); end !== -1; end = input.indexOf(newline, start)) {
      start = this.#pushPartials(output, stream, input, start, end);
      this.#pushLine(output, stream, 'F', input.subarray(start, end));
      start = end + 1;
    }
    start = this.#pushPartials(output, stream, input, start, input.length);
    // A copy, because a slice would keep the whole chunk alive.
    this.#rest[stream] = Buffer.from(input.subarray(start));
    this.#append(output);
  }

  /** Writes a last line that came without its newline: the process is gone and will not finish it. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#rest[stream];
      if (rest.length === 0) continue;
      this.#rest[stream] = Buffer.alloc(0);
      const output: (Buffer | string)[] = [];
      this.#pushLine(output, stream, 'F', rest);
      this.#append(output);
    }
  }

  close(): void {
    this.flush();
    this.#file.close();
  }

  /** Cuts what is too long into partial lines, between characters; gives where the remainder starts. */
  #pushPartials(
    output: (Buffer | string)[],
    stream: OutputStream,
    input: Buffer,
    from: number,
    to: number,
  ): number {
    let start = from;
    while (to - start > maxLineBytes) {
      const end = characterBoundary(input, start, start + maxLineBytes);
      this.#pushLine(output, stream, 'P', input.subarray(start, end));
      start = end;
    }
    return start;
  }

  #pushLine(output: (Buffer | string)[], stream: OutputStream, tag: 'F' | 'P', line: Buffer): void {
    output.push(`${this.#timestamp()} ${stream} ${tag} `, line, '\n');
  }

  #append(output: readonly (Buffer | string)[]): void {
    if (output.length === 0) return;
    this.#file.append(
      Buffer.concat(output.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
    );
  }

  #timestamp(): string {
    const milliseconds = this.#now();
    const second = Math.floor(milliseconds / 1000);
    const nanos = Math.floor((milliseconds - second * 1000) * 1e6);
    if (second > this.#lastSecond || (second === this.#lastSecond && nanos > this.#lastNanos)) {
      this.#lastSecond = second;
      this.#lastNanos = nanos;
    } else {
      this.#lastNanos += 1;
      if (this.#lastNanos === 1e9) {
        this.#lastSecond += 1;
        this.#lastNanos = 0;
      }
    }
    const seconds = new Date(this.#lastSecond * 1000).toISOString().slice(0, 19);
    return `${seconds}.${String(this.#lastNanos).padStart(9, '0')}Z`;
  }
}

/** The last place at or before `end` that does not cut a UTF-8 character; `end` itself when it is not UTF-8. */
function characterBoundary(input: Buffer, start: number, end: number): number {
  for (let at = end; at > end - 4 && at > start; at -= 1) {
    if (((input[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return end;
}
