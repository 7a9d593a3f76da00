import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import type { LogQueue } from '../../pipeline/queue/log-queue.ts';

/** Milliseconds between two looks, and how far back the growth is measured. */
const everyMs = 5000;
const windowMs = 600_000;
/** Seconds; farther ahead nothing is said. */
export const farthest = 30 * 86_400;

interface Sample {
  readonly atMs: number;
  readonly left: number;
}

/**
 * Seconds until nothing is left if it goes on as within the samples, oldest first: by the slope of their least-squares
 * line. At most thirty days, which also stands for a queue that does not grow.
 */
export function secondsUntilFull(samples: readonly Sample[]): number {
  const last = samples.at(-1);
  if (last === undefined) return farthest;
  if (last.left <= 0) return 0;
  const count = samples.length;
  const meanAt = samples.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const meanLeft = samples.reduce((sum, { left }) => sum + left, 0) / count;
  let [covariance, variance] = [0, 0];
  for (const { atMs, left } of samples) {
    covariance += (atMs - meanAt) * (left - meanLeft);
    variance += (atMs - meanAt) ** 2;
  }
  const perSecond = variance === 0 ? 0 : (covariance / variance) * 1000;
  return perSecond < 0 ? Math.min(farthest, last.left / -perSecond) : farthest;
}

/** Says all the time how much the queue may still take, and for how long that is enough. Returns how to end it. */
export function watchRoom(
  queue: Pick<LogQueue, 'state'>,
  { metrics }: Pick<Instrumentation<'log-gateway'>, 'metrics'>,
): () => void {
  const left = metrics.gauge('log_queue_left_bytes');
  const until = metrics.gauge('log_queue_until_full_seconds');
  let samples: readonly Sample[] = [];
  const look = (): void => {
    const { bytesLeft } = queue.state();
    const atMs = Date.now();
    // A broker decides by itself; how full it is its own metrics say.
    if (Number.isFinite(bytesLeft)) {
      samples = [...samples.filter((sample) => atMs - sample.atMs < windowMs), { atMs, left: bytesLeft }];
    }
    // No metric takes what has no end.
    left.set(Math.min(bytesLeft, Number.MAX_SAFE_INTEGER));
    until.set(secondsUntilFull(samples));
  };
  look();
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
}
