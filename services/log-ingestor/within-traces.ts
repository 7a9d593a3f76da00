import type { Trace } from '../../telemetry/instrument/tracing.ts';
import type { QueuedBatch } from '../pipeline/queue/log-queue.ts';

/** Spans of one push: of more traces only the first are told that their entries are stored. */
const mostTraces = 100;

/**
 * Runs the work once, within the trace of the first batch, and as a span in that of each other one: batches of many
 * requests are pushed together, and each of their traces shall end in Loki.
 */
export function withinTraces<T>(
  trace: Pick<Trace, 'run'>,
  batches: readonly QueuedBatch[],
  work: () => Promise<T>,
): Promise<T> {
  const parents = new Set(batches.flatMap(({ traceparent }) => traceparent ?? []));
  const [first, ...others] = [...parents].slice(0, mostTraces);
  const within = (traceparent: string | undefined, run: () => Promise<T>) =>
    trace.run({ traceparent }, 'store logs', 'consumer', run);
  const done = within(first, work);
  for (const other of others) void within(other, () => done);
  return done;
}
