import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that Ctrl-C or SIGTERM cancels: it is told by the signal, and waited for until it has cleaned up. The
 * command then ends as a shell expects of one that was interrupted: quietly, with 128 and the signal's number.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const cancel = new AbortController();
  const onSignal = (signal: (typeof signals)[number]): void => {
    process.exitCode = 128 + constants.signals[signal];
    cancel.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    await work(cancel.signal);
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    console.error('Cancelled; nothing is left running.');
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
