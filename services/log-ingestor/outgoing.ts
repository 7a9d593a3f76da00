import type { EncodedEntries } from '../pipeline/loki/encoded-entries.ts';
import { PushRequest } from '../pipeline/loki/push-request.ts';
import type { StreamKey, StreamLabels } from '../pipeline/loki/stream-labels.ts';
import type { BatchStream } from '../pipeline/queue/batch.ts';
import type { IndexedLines } from '../pipeline/search-index/index-writer.ts';

/** Entries on their way, with where they go. */
export interface Outgoing extends IndexedLines {
  readonly key: StreamKey;
  readonly labels: string;
  readonly entries: EncodedEntries;
}

export function outgoingOf(
  organization: string,
  streams: readonly BatchStream[],
  placing: StreamLabels,
  partition?: string,
): readonly Outgoing[] {
  return streams.map(({ key, entries }) => {
    const { labels, service, metadata } = placing.place(organization, key, partition);
    return { key, labels, service, entries: metadata.length === 0 ? entries : entries.with(metadata) };
  });
}

export const countOf = (outgoing: readonly Outgoing[]): number =>
  outgoing.reduce((sum, { entries }) => sum + entries.count, 0);

/** By the labels of their streams, each in its order. */
export const byStream = (outgoing: readonly Outgoing[]): ReadonlyMap<string, readonly Outgoing[]> =>
  Map.groupBy(outgoing, ({ labels }) => labels);

export const requestOf = (outgoing: readonly Outgoing[]): PushRequest =>
  new PushRequest(
    [...byStream(outgoing)].map(([labels, some]) => ({
      labels,
      entries: some.map(({ entries }) => entries),
    })),
  );

/** The first so many entries, and the others. */
export function dividedAt(
  outgoing: readonly Outgoing[],
  count: number,
): readonly [readonly Outgoing[], readonly Outgoing[]] {
  let left = count;
  const at = outgoing.findIndex(({ entries }) => {
    left -= entries.count;
    return left < 0;
  });
  const divided = outgoing[at];
  if (divided === undefined) return [outgoing, []];
  const within = divided.entries.count + left;
  const part = (entries: EncodedEntries) => (entries.count === 0 ? [] : [{ ...divided, entries }]);
  return [
    [...outgoing.slice(0, at), ...part(divided.entries.slice(0, within))],
    [...part(divided.entries.slice(within)), ...outgoing.slice(at + 1)],
  ];
}

/** In their order, in parts of about `maxBytes`, of one entry at the least. */
export function parts(outgoing: readonly Outgoing[], maxBytes: number): readonly (readonly Outgoing[])[] {
  const made: (readonly Outgoing[])[] = [];
  let rest = outgoing;
  while (rest.length > 0) {
    const [part, others] = dividedAt(rest, Math.max(1, countWithin(rest, maxBytes)));
    made.push(part);
    rest = others;
  }
  return made;
}

function countWithin(outgoing: readonly Outgoing[], maxBytes: number): number {
  let count = 0;
  let left = maxBytes;
  for (const { entries } of outgoing) {
    const within = entries.countWithin(left);
    count += within;
    if (within < entries.count) return count;
    left -= entries.bytes.length;
  }
  return count;
}
