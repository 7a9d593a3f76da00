import type { LabelValue } from '../../../telemetry/contract/labels.ts';
import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import {
  type LogBatch,
  type LogQueue,
  QueueFullError,
  type Receipt,
} from '../../pipeline/queue/log-queue.ts';
import type { EntryRefusal } from './admission.ts';
import { idAt } from './ids.ts';
import type { Judged } from './judge.ts';

export interface IntakeOptions {
  readonly queue: LogQueue;
  readonly instrumentation: Pick<Instrumentation<'log-gateway'>, 'metrics'>;
}

/** What became of the entries of a request, all of which are durable or named in `refusals`. */
export interface Taken {
  readonly accepted: number;
  readonly refusals: readonly EntryRefusal[];
  /** How safe they are; undefined where there is none. */
  readonly receipt: Receipt | undefined;
  /** Of the entries that were accepted, in their order; made anew, so that a kept answer is small. */
  readonly ids: () => readonly string[];
}

/** Seconds after which a sender should try a queue again that failed. */
const failedRetrySeconds = 10;

/** Puts entries that were judged into the queue. */
export class Intake {
  readonly #queue;
  readonly #received;
  readonly #processed;
  readonly #errors;
  readonly #time;

  constructor({ queue, instrumentation: { metrics } }: IntakeOptions) {
    this.#queue = queue;
    this.#received = metrics.counter('log_events_received_total');
    this.#processed = metrics.counter('log_events_processed_total');
    this.#errors = metrics.counter('log_events_errors_total');
    this.#time = metrics.histogram('log_event_processing_time_seconds');
  }

  /** @throws HttpProblem 429 or 503 where the queue takes nothing: cheap to ask before a body is read */
  refuseWhenFull(): void {
    const { refusal } = this.#queue.state();
    if (refusal !== undefined) throw problemOf(refusal);
  }

  /**
   * @param startedAt of `performance.now()`, when the work on the request began
   * @throws HttpProblem 429 or 503 where nothing was kept, or it is not known
   */
  async take(judged: Judged, intake: LabelValue<'intake'>, startedAt: number): Promise<Taken> {
    const { count, refusals, batches, idsStart } = judged;
    this.#received.inc({ intake }, count);
    if (refusals.length > 0) this.#errors.inc({ refusal: 'invalid' }, refusals.length);
    const receipt = await this.#append(batches);
    const accepted = count - refusals.length;
    this.#processed.inc(accepted);
    this.#time.observe((performance.now() - startedAt) / 1000);
    return { accepted, refusals, receipt, ids: acceptedIds(count, refusals, idsStart) };
  }

  async #append(batches: readonly LogBatch[]): Promise<Receipt | undefined> {
    const results = await Promise.allSettled(batches.map((batch) => this.#queue.append(batch)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) {
      return results[0]?.status === 'fulfilled' ? results[0].value : undefined;
    }
    const count = batches.reduce((sum, batch) => sum + batch.count, 0);
    const full = failed.reason instanceof QueueFullError;
    this.#errors.inc({ refusal: full ? 'queue_full' : 'queue_failed' }, count);
    throw problemOf(failed.reason);
  }
}

function acceptedIds(
  count: number,
  refusals: readonly EntryRefusal[],
  idsStart: string,
): () => readonly string[] {
  return () => {
    const refused = new Set(refusals.map(({ index }) => index));
    return Array.from({ length: count }, (_, index) => index)
      .filter((index) => !refused.has(index))
      .map((index) => idAt(idsStart, index));
  };
}

/** A full queue is emptied soon, so its senders slow down (429); a full disk or a failure is the service's (503). */
function problemOf(refusal: unknown): HttpProblem {
  if (!(refusal instanceof QueueFullError)) {
    return new HttpProblem(503, 'The queue does not take anything now', { retry_after: failedRetrySeconds });
  }
  const members = { retry_after: refusal.retryAfterSeconds };
  if (refusal.reason === 'queue') return new HttpProblem(429, 'The queue is full', members);
  return new HttpProblem(503, fullTitles[refusal.reason], members);
}

const fullTitles = {
  disk: 'The disk of the queue is full',
  broker: 'The broker of the queue takes nothing now',
} as const;
