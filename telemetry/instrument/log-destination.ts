import { pino } from 'pino';

/** Lines wait for at most this long, so a SIGKILL loses at most this much. */
const flushIntervalMs = 50;
/** Characters in one write; half of what a pipe of Linux holds, so that a prompt reader never makes us wait. */
const batchLength = 32 * 1024;

/** An estimate for a line that is not made yet. */
const deferredLength = 256;

/** A line that is made when it is written. */
export interface DeferredLine {
  /** Called once. */
  settle(): string;
}

export interface LogDestination extends pino.DestinationStream {
  /** Writes what waits, synchronously. pino calls it itself after a CRITICAL line. */
  flushSync(): void;
  /** Keeps its place among the lines written. */
  defer(line: DeferredLine): void;
}

/**
 * Standard output in batches. Writes are synchronous: a reader that stalls holds the service up instead of
 * filling its memory, and nothing can be in flight when the process ends. A closed pipe ends logging, not
 * the service. Flushed at exit, whatever the reason, except SIGKILL.
 */
export function batched(fileDescriptor = 1): LogDestination {
  const sink = pino.destination({ dest: fileDescriptor, sync: true, minLength: 0 });
  let waiting: (string | DeferredLine)[] = [];
  let waitingLength = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    if (waitingLength === 0) return;
    // Joined, not concatenated: flattening one deep string of a hundred lines costs several times as much.
    const lines = waiting;
    waiting = [];
    waitingLength = 0;
    sink.write(lines.map((line) => (typeof line === 'string' ? line : line.settle())).join(''));
  }

  function add(line: string | DeferredLine, length: number): void {
    waiting.push(line);
    waitingLength += length;
    if (waitingLength >= batchLength) {
      flush();
    } else if (timer === undefined) {
      timer = setTimeout(() => {
        timer = undefined;
        flush();
      }, flushIntervalMs);
      timer.unref();
    }
  }

  process.once('exit', flush);
  return {
    write: (line: string) => add(line, line.length),
    defer: (line) => add(line, deferredLength),
    flushSync: flush,
  };
}

/** A given stream, written line by line. */
export function direct(stream: pino.DestinationStream): LogDestination {
  return {
    write: (line) => stream.write(line),
    defer: (line) => stream.write(line.settle()),
    flushSync: () => {},
  };
}
