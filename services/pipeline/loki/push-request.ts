import { compressSync } from 'snappy';
import type { EncodedEntries } from './encoded-entries.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { tags } from './push-proto.ts';

/** What is pushed of one stream, in its order. */
export interface EncodedStream {
  readonly labels: string;
  readonly entries: readonly EncodedEntries[];
}

const writer = new ProtobufWriter();

/** Streams for one push: encoded once, however often it is tried. */
export class PushRequest {
  readonly streams: readonly EncodedStream[];
  /** Protobuf in snappy. */
  readonly body: Buffer;

  constructor(streams: readonly EncodedStream[]) {
    this.streams = streams;
    this.body = compressSync(
      writer.written(() => writeStreams(streams)),
      { copyOutputData: true },
    );
  }
}

function writeStreams(streams: readonly EncodedStream[]): void {
  for (const { labels, entries } of streams) {
    const guess = entries.reduce((sum, { bytes }) => sum + bytes.length, labels.length);
    writer.varint(tags.streams);
    const start = writer.open(guess);
    writer.varint(tags.labels);
    writer.text(labels);
    for (const { bytes } of entries) writer.raw(bytes);
    writer.close(start, guess);
  }
}
