import type { AdmittedEntry } from '../pipeline/entry.ts';
import { pushEntryOf } from '../pipeline/loki/line.ts';
import type { PushOutcome } from '../pipeline/loki/push-client.ts';
import type { PushEntry } from '../pipeline/loki/push-proto.ts';
import { PushRequest } from '../pipeline/loki/push-request.ts';
import type { StreamLabels } from '../pipeline/loki/stream-labels.ts';
import type { IndexedLine } from '../pipeline/search-index/index-writer.ts';
import type { PersistentPush } from './persistent-push.ts';

/** An entry on its way, with where it goes. */
export interface Outgoing extends IndexedLine {
  readonly entry: AdmittedEntry;
  readonly labels: string;
  readonly pushed: PushEntry;
}

export interface Rejected {
  readonly entry: AdmittedEntry;
  readonly reason: string;
}

export function outgoingOf(
  organization: string,
  entries: readonly AdmittedEntry[],
  streams: StreamLabels,
  partition?: string,
): readonly Outgoing[] {
  return entries.map((entry) => {
    const { labels, service, ...beside } = streams.place(organization, entry, partition);
    return { entry, labels, service, pushed: pushEntryOf(entry, beside) };
  });
}

/** In their order, in parts of about `maxBytes` of lines. */
export function parts(entries: readonly Outgoing[], maxBytes: number): readonly (readonly Outgoing[])[] {
  const made: Outgoing[][] = [];
  let current: Outgoing[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (bytes > 0 && bytes + entry.pushed.line.length > maxBytes) {
      made.push(current);
      current = [];
      bytes = 0;
    }
    current.push(entry);
    bytes += entry.pushed.line.length;
  }
  return current.length === 0 ? made : [...made, current];
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
  return stored(push, entries, signal, request, entries.length < largePush ? undefined : isOutage);
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
  for (let sample = 0; sample < samples; sample += 1) {
    const entry = entries[Math.floor((sample * (entries.length - 1)) / (samples - 1))];
    const outcome = entry === undefined ? undefined : await push.once(requestOf([entry]), signal);
    if (outcome?.kind !== 'rejected' || outcome.reason !== refusal.reason) return false;
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
  if (outcome.kind === 'limited') return eachOf(byStream(entries), push, signal);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    return [{ entry: first.entry, reason: `${outcome.status} ${outcome.reason}`.trim() }];
  }
  const half = Math.ceil(entries.length / 2);
  return eachOf([entries.slice(0, half), entries.slice(half)], push, signal);
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

const byStream = (entries: readonly Outgoing[]): readonly (readonly Outgoing[])[] =>
  Object.values(Object.groupBy(entries, ({ labels }) => labels)).filter((group) => group !== undefined);

/** By stream, each in the entries' order. */
export function requestOf(entries: readonly Outgoing[]): PushRequest {
  const streams = new Map<string, PushEntry[]>();
  for (const { labels, pushed } of entries) {
    const stream = streams.get(labels);
    if (stream === undefined) streams.set(labels, [pushed]);
    else stream.push(pushed);
  }
  return new PushRequest([...streams].map(([labels, list]) => ({ labels, entries: list })));
}
