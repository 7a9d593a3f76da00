import { createHash } from 'node:crypto';
import type { AdmittedEntry } from '../../pipeline/entry.ts';
import { batchOf } from '../../pipeline/queue/batch.ts';
import type { LogBatch } from '../../pipeline/queue/log-queue.ts';
import { type FormName, formOf } from '../forms/forms.ts';
import { type Caller, mayUse } from '../keys/caller.ts';
import { Admission, type AdmissionLimits, type EntryRefusal } from './admission.ts';
import { idAt, idsFrom } from './ids.ts';

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
export interface Try {
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
  const { form, caller, organization } = sending;
  const body = Buffer.from(sending.body.buffer, sending.body.byteOffset, sending.body.byteLength);
  const { raws, batchId } = formOf(form).decode(body, limits.entriesPerRequest);
  const key = sending.idempotencyKey ?? batchId;
  const tried = key === undefined ? undefined : { key, digest: digestOf(body) };
  // The same for each try of one request, so that its ids are.
  const seed = tried && [caller.id, organization ?? '', tried.key, tried.digest].join('\n');
  const idsStart = idsFrom(seed);
  const organizationOf = (given: string | undefined): string | undefined => {
    if (given === undefined) return organization;
    return mayUse(caller, given) ? given : undefined;
  };
  const admission = new Admission(limits, (index) => idAt(idsStart, index), Date.now());
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
  const batches = [...admitted].map(([whose, entries]) => batchOf(whose, entries, sending.traceparent));
  return { count: raws.length, batches, refusals, idsStart, batchId, try: tried };
}

const digestOf = (body: Buffer): string => createHash('sha256').update(body).digest('base64');
