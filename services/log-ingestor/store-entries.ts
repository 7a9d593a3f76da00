import type { AdmittedEntry } from '../pipeline/entry.ts';
import type { PushOutcome } from '../pipeline/loki/push-client.ts';
import type { PushRequest } from '../pipeline/loki/push-request.ts';
import { entriesOfStream } from '../pipeline/queue/batch.ts';
import { byStream, countOf, dividedAt, type Outgoing, requestOf } from './outgoing.ts';
import type { PersistentPush } from './persistent-push.ts';

export interface Rejected {
  readonly entry: AdmittedEntry;
  readonly reason: string;
}

/**
 * Brings the entries to Loki and gives those that it refuses for their content. A refused push is halved until the
 * guilty stand alone; the others of it are stored, some of them twice, which Loki drops. A large push that is refused as
 * a whole and in all its parts for one and the same reason is no matter of its content: it waits, like in an outage.
 */
export async function storeEntries(
  push: PersistentPush,
  entries: readonly Outgoing[],
  signal: AbortSignal,
  request: PushRequest = requestOf(entries),
): Promise<readonly Rejected[]> {
  const isOutage = (refusal: Refusal): Promise<boolean> => allRefusedAlike(push, entries, refusal, signal);
  return stored(push, entries, signal, request, countOf(entries) < largePush ? undefined : isOutage);
}

type Refusal = Extract<PushOutcome, { readonly kind: 'rejected' }>;

/** Entries of a push that hardly are guilty all of them, for the same reason to the letter. */
const largePush = 20;
const samples = 5;

/**
 * Whether it looks as if the fault were Loki's: some entries from all over the push are refused each alone, in the words
 * in which the whole is. What is really in an entry is named in the words about it: its time, its size, its stream.
 */
async function allRefusedAlike(
  push: PersistentPush,
  entries: readonly Outgoing[],
  refusal: Refusal,
  signal: AbortSignal,
): Promise<boolean> {
  const last = countOf(entries) - 1;
  for (let sample = 0; sample < samples; sample += 1) {
    const [entry] = dividedAt(dividedAt(entries, Math.floor((sample * last) / (samples - 1)))[1], 1);
    const outcome = await push.once(requestOf(entry), signal);
    if (outcome.kind !== 'rejected' || outcome.reason !== refusal.reason) return false;
  }
  return true;
}

async function stored(
  push: PersistentPush,
  entries: readonly Outgoing[],
  signal: AbortSignal,
  request: PushRequest,
  isOutage?: (refusal: Refusal) => Promise<boolean>,
): Promise<readonly Rejected[]> {
  const outcome = await push.push(request, signal, isOutage);
  if (outcome.kind === 'stored') return [];
  if (outcome.kind === 'limited') return eachOf([...byStream(entries).values()], push, signal);
  const count = countOf(entries);
  if (count === 1) {
    const reason = `${outcome.status} ${outcome.reason}`.trim();
    return entries.flatMap(entriesOfStream).map((entry) => ({ entry, reason }));
  }
  return eachOf(dividedAt(entries, Math.ceil(count / 2)), push, signal);
}

async function eachOf(
  groups: readonly (readonly Outgoing[])[],
  push: PersistentPush,
  signal: AbortSignal,
): Promise<readonly Rejected[]> {
  const rejected: Rejected[] = [];
  for (const group of groups) rejected.push(...(await stored(push, group, signal, requestOf(group))));
  return rejected;
}
