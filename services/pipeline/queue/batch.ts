import protobuf from 'protobufjs/light.js';
import type { AdmittedEntry } from '../entry.ts';
import { EncodedEntries } from '../loki/encoded-entries.ts';
import { metadataFields, readLine } from '../loki/line.ts';
import { type PushEntry, tags } from '../loki/push-proto.ts';
import type { StreamKey } from '../loki/stream-labels.ts';
import { BatchEncoder } from './batch-encoder.ts';
import type { LogBatch } from './log-queue.ts';

/** Entries that go to one stream. */
export interface BatchStream {
  readonly key: StreamKey;
  readonly entries: EncodedEntries;
}

/** How a body of JSON begins, which earlier versions wrote. */
const openArray = 0x5b;

/** All at once what `BatchEncoder` writes one by one. */
export function batchOf(
  organization: string,
  entries: readonly AdmittedEntry[],
  traceparent?: string,
): LogBatch {
  const encoder = new BatchEncoder();
  for (const entry of entries) encoder.add(entry);
  return encoder.batch(organization, traceparent);
}

/**
 * @throws Error when the body is none of `batchOf`, or has other than `count` entries, which its checksum rules out for
 *   a batch of the gateway
 */
export function streamsOf({ body, count }: Pick<LogBatch, 'body' | 'count'>): readonly BatchStream[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const isOfEarlierForm = bytes[0] === openArray;
  const streams = streamsIn(isOfEarlierForm ? batchOf('', JSON.parse(bytes.toString())).body : bytes);
  const found = streams.reduce((sum, { entries }) => sum + entries.count, 0);
  if (found !== count)
    throw new Error(`the body of the batch has ${found} entries, and ${count} are counted`);
  return streams;
}

function streamsIn(body: Uint8Array): readonly BatchStream[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const reader = protobuf.Reader.create(bytes);
  const streams: BatchStream[] = [];
  while (reader.pos < bytes.length) {
    expect(reader, tags.streams);
    const end = reader.uint32() + reader.pos;
    expect(reader, tags.labels);
    const key = JSON.parse(reader.string()) as StreamKey;
    const start = reader.pos;
    reader.skip(end - start);
    streams.push({ key, entries: EncodedEntries.in(bytes.subarray(start, end)) });
  }
  return streams;
}

/** Stream by stream. @throws Error as `streamsOf` does */
export const entriesOf = (batch: Pick<LogBatch, 'body' | 'count'>): readonly AdmittedEntry[] =>
  streamsOf(batch).flatMap(entriesOfStream);

/** What was admitted, of what Loki is sent. */
export const entriesOfStream = ({ key, entries }: BatchStream): readonly AdmittedEntry[] =>
  entries.decoded().map((pushed) => entryOf(key, pushed));

function entryOf(key: StreamKey, { timestamp, line, structuredMetadata }: PushEntry): AdmittedEntry {
  const beside = new Map(structuredMetadata.map(({ name, value }) => [name, value]));
  const texts = metadataFields.filter((name) => beside.has(name)).map((name) => [name, beside.get(name)]);
  const timestamp_ns = `${timestamp.seconds}${String(timestamp.nanos).padStart(9, '0')}`;
  return {
    ...{ id: '', event_ns: timestamp_ns },
    ...Object.fromEntries(texts),
    timestamp_ns,
    ...key,
    ...readLine(line),
  };
}

function expect(reader: protobuf.Reader, tag: number): void {
  if (reader.uint32() !== tag) throw new Error('the body of the batch is of another form');
}
