import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { BatchEncoder } from '../../pipeline/queue/batch-encoder.ts';
import type { LogBatch } from '../../pipeline/queue/log-queue.ts';
import { type FormName, formOf } from '../forms/forms.ts';
import { type Caller, mayUse } from '../keys/caller.ts';
import { Admission, type AdmissionLimits, type EntryRefusal } from './admission.ts';
import { idAt, idsFrom } from './ids.ts';
import { JsonReader, openArray } from './plain/json-reader.ts';
import { PlainEntries } from './plain/plain-entries.ts';

export interface JudgingLimits extends AdmissionLimits {
  readonly entriesPerRequest: number;
}

/** One request, as plain data: it may go to another thread. */
export interface Sending {
  readonly form: FormName;
  readonly body: Uint8Array;
  readonly caller: Pick<Caller, 'id' | 'organizations'>;
  /** Whose the entries are that do not say it. */
  readonly organization: string | undefined;
  /** What its sender calls all tries of it, unless the body does. */
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string | undefined;
}

/** By what tries of one request are known. */
interface Try {
  readonly key: string;
  /** Of the body. */
  readonly digest: string;
}

/** What may be put into the queue of a request, and what not. */
export interface Judged {
  /** Entries that came. */
  readonly count: number;
  /** One an organization. */
  readonly batches: readonly LogBatch[];
  readonly refusals: readonly EntryRefusal[];
  /** With which the ids of the entries begin. */
  readonly idsStart: string;
  readonly batchId: string | undefined;
  readonly try: Try | undefined;
}

/** @throws HttpProblem 400, 413 for what cannot be decoded, or has too many entries */
export function judged(sending: Sending, limits: JudgingLimits): Judged {
  const body = Buffer.from(sending.body.buffer, sending.body.byteOffset, sending.body.byteLength);
  return judgedPlainly(sending, body, limits) ?? judgedWhole(sending, body, limits);
}

/** Larger ones are looked over before anything is made of them. */
const mostPlainBytes = 2 * 1024 * 1024;

/** Undefined where the body is no list of entries, or one that is to be decoded whole. */
function judgedPlainly(sending: Sending, body: Buffer, limits: JudgingLimits): Judged | undefined {
  const { form, organization } = sending;
  if (organization === undefined || body.length > mostPlainBytes) return undefined;
  const list = formOf(form).list?.(body);
  if (list === undefined) return undefined;
  const json = new JsonReader(list);
  if (json.next() !== openArray || !isUtf8(list)) return undefined;
  const judging = new Judging(sending, body, limits, undefined);
  const { admission, idsStart } = judging;
  const count = new PlainEntries(json, {
    ...{ admission, limits, organization, idsStart },
    entries: judging.entriesOf(organization),
    judge: (raw, index) => judging.add(raw, index),
  }).take(limits.entriesPerRequest);
  return count === undefined ? undefined : judging.end(count);
}

function judgedWhole(sending: Sending, body: Buffer, limits: JudgingLimits): Judged {
  const { raws, batchId } = formOf(sending.form).decode(body, limits.entriesPerRequest);
  const judging = new Judging(sending, body, limits, batchId);
  for (let index = 0; index < raws.length; index += 1) judging.add(raws[index], index);
  return judging.end(raws.length);
}

/** One request, entry by entry. */
class Judging {
  readonly admission: Admission;
  readonly idsStart: string;
  readonly #sending: Sending;
  readonly #batchId: string | undefined;
  readonly #try: Try | undefined;
  readonly #batches = new Map<string, BatchEncoder>();
  readonly #refusals: EntryRefusal[] = [];

  constructor(sending: Sending, body: Buffer, limits: JudgingLimits, batchId: string | undefined) {
    this.#sending = sending;
    this.#batchId = batchId;
    const key = sending.idempotencyKey ?? batchId;
    this.#try = key === undefined ? undefined : { key, digest: digestOf(body) };
    // The same for each try of one request, so that its ids are.
    const { caller, organization = '' } = sending;
    const seed = this.#try && [caller.id, organization, this.#try.key, this.#try.digest].join('\n');
    this.idsStart = idsFrom(seed);
    this.admission = new Admission(limits, (index) => idAt(this.idsStart, index), Date.now());
  }

  entriesOf(organization: string): BatchEncoder {
    let entries = this.#batches.get(organization);
    if (entries === undefined) {
      entries = new BatchEncoder();
      this.#batches.set(organization, entries);
    }
    return entries;
  }

  add(raw: unknown, index: number): void {
    const result = this.admission.admit(raw, index, this.#organizationOf);
    if ('reason' in result) this.#refusals.push(result);
    else this.entriesOf(result.organization).add(result.entry);
  }

  end(count: number): Judged {
    const batches = [...this.#batches]
      .filter(([, entries]) => entries.count > 0)
      .map(([organization, entries]) => entries.batch(organization, this.#sending.traceparent));
    const { idsStart } = this;
    return { count, batches, refusals: this.#refusals, idsStart, batchId: this.#batchId, try: this.#try };
  }

  readonly #organizationOf = (given: string | undefined): string | undefined => {
    const { caller, organization } = this.#sending;
    if (given === undefined) return organization;
    return mayUse(caller, given) ? given : undefined;
  };
}

const digestOf = (body: Buffer): string => createHash('sha256').update(body).digest('base64');
