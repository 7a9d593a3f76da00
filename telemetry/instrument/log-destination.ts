import { pino } from 'pino';

/** Lines wait for at most this long, so a SIGKILL loses at most this much. */
const flushIntervalMs = 50;
/** Characters in one write; half of what a pipe of Linux holds, so that a prompt reader never makes us wait. */
const batchLength = 32 * 1024;

export interface LogDestination extends pino.DestinationStream {
  /** Writes what waits, synchronously. pino calls it itself after a CRITICAL line. */
  flushSync(): void;
}

/**
 * Standard output in batches. Writes are synchronous: a reader that stalls holds the service up instead of
 * filling its memory, and nothing can be in flight when the process ends. A closed pipe ends logging, not
 * the service. Flushed at exit, whatever the reason, except SIGKILL.
 */
export function batched(fileDescriptor = 1): LogDestination {
  const sink = pino.destination({ dest: fileDescriptor, sync: true, minLength: 0 });
  let waiting: string[] = [];
  let waitingLength = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    if (waitingLength === 0) return;
    // Joined, not concatenated: flattening one deep string of a hundred lines costs several times as much.
    const batch = waiting.join('');
    waiting = [];
    waitingLength = 0;
    sink.write(batch);
  }

  process.once('exit', flush);
  return {
    write(line: string): void {
      waiting.push(line);
      waitingLength += line.length;
      if (waitingLength >= batchLength) {
        flush();
      } else if (timer === undefined) {
        timer = setTimeout(() => {
          timer = undefined;
          flush();
        }, flushIntervalMs);
        timer.unref();
      }
    },
    flushSync: flush,
  };
}

/** A given stream, written line by line. */
export function direct(stream: pino.DestinationStream): LogDestination {
  return { write: (line) => stream.write(line), flushSync: () => {} };
}
