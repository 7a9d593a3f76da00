import { pino } from 'pino';

/** Lines wait for at most this long, so a SIGKILL loses at most this much. */
export const flushIntervalMs = 50;
/** One write to a pipe; Linux takes 64 KiB at once, Docker's log reader 16. */
const batchLength = 12 * 1024;

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
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    if (waiting === '') return;
    const batch = waiting;
    waiting = '';
    sink.write(batch);
  }

  process.once('exit', flush);
  return {
    write(line: string): void {
      waiting += line;
      if (waiting.length >= batchLength) {
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
