import type { LabelValue } from '../../../telemetry/contract/labels.ts';
import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { AdmittedEntry } from '../../pipeline/entry.ts';
import { batchOf } from '../../pipeline/queue/batch.ts';
import {
  type LogBatch,
  type LogQueue,
  QueueFullError,
  type Receipt,
} from '../../pipeline/queue/log-queue.ts';
import type { RawEntries } from '../forms/json.ts';
import { mayUse } from '../keys/authentication.ts';
import type { Caller } from '../keys/key-ring.ts';
import { Admission, type AdmissionLimits, type EntryRefusal } from './admission.ts';
import { entryIds } from './ids.ts';

export interface IntakeOptions {
  readonly queue: LogQueue;
  readonly limits: AdmissionLimits & { readonly entriesPerRequest: number };
  readonly instrumentation: Instrumentation<'log-gateway'>;
}

export interface Sending {
  readonly raws: RawEntries;
  readonly caller: Caller;
  /** Whose the entries are that do not say it. */
  readonly organization: string | undefined;
  readonly intake: LabelValue<'intake'>;
  /** The same for each try of one request, where it can be known; the ids come from it. */
  readonly seed: string | undefined;
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

/** Judges entries and puts the good ones into the queue. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #received;
  readonly #processed;
  readonly #errors;
  readonly #time;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { metrics } = options.instrumentation;
    this.#received = metrics.counter('log_events_received_total');
    this.#processed = metrics.counter('log_events_processed_total');
    this.#errors = metrics.counter('log_events_errors_total');
    this.#time = metrics.histogram('log_event_processing_time_seconds');
  }

  /** Entries of one request; whoever decodes it counts. */
  get mostEntries(): number {
    return this.#options.limits.entriesPerRequest;
  }

  /** @throws HttpProblem 429 or 503 where the queue takes nothing: cheap to ask before a body is read */
  refuseWhenFull(): void {
    const { refusal } = this.#options.queue.state();
    if (refusal !== undefined) throw problemOf(refusal);
  }

  /**
   * Empties what it is sent: thousands of objects would live on while the queue works, and be copied by each collection
   * of garbage.
   * @throws HttpProblem 429 or 503 where nothing was kept, or it is not known
   */
  async take(sending: Sending): Promise<Taken> {
    const startedAt = performance.now();
    const { raws, intake } = sending;
    const count = raws.length;
    this.#received.inc({ intake }, count);
    const idOf = entryIds(sending.seed);
    const { batches, refusals } = this.#judged(sending, idOf);
    raws.length = 0;
    if (refusals.length > 0) this.#errors.inc({ refusal: 'invalid' }, refusals.length);
    const receipt = await this.#append(batches);
    const accepted = count - refusals.length;
    this.#processed.inc(accepted);
    this.#time.observe((performance.now() - startedAt) / 1000);
    return { accepted, refusals, receipt, ids: acceptedIds(count, refusals, idOf) };
  }

  #judged(sending: Sending, idOf: (index: number) => string) {
    const { raws, caller, organization } = sending;
    const organizationOf = (given: string | undefined): string | undefined => {
      if (given === undefined) return organization;
      return mayUse(caller, given) ? given : undefined;
    };
    const admission = new Admission(this.#options.limits, idOf, Date.now());
    const admitted = new Map<string, AdmittedEntry[]>();
    const refusals: EntryRefusal[] = [];
    for (let index = 0; index < raws.length; index += 1) {
      const result = admission.admit(raws[index], index, organizationOf);
      if ('reason' in result) {
        refusals.push(result);
        continue;
      }
      const entries = admitted.get(result.organization);
      if (entries === undefined) admitted.set(result.organization, [result.entry]);
      else entries.push(result.entry);
    }
    const { traceparent } = this.#options.instrumentation.trace.inject();
    const batches = [...admitted].map(([whose, entries]) => batchOf(whose, entries, traceparent));
    return { batches, refusals };
  }

  async #append(batches: readonly LogBatch[]): Promise<Receipt | undefined> {
    const results = await Promise.allSettled(batches.map((batch) => this.#options.queue.append(batch)));
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
  idOf: (index: number) => string,
): () => readonly string[] {
  return () => {
    const refused = new Set(refusals.map(({ index }) => index));
    return Array.from({ length: count }, (_, index) => index)
      .filter((index) => !refused.has(index))
      .map(idOf);
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
