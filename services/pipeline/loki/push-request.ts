import protobuf from 'protobufjs/light.js';
import { compress } from 'snappy';
import type { EncodedEntries } from './encoded-entries.ts';
import { tags } from './push-proto.ts';

/** What is pushed of one stream, in its order. */
export interface EncodedStream {
  readonly labels: string;
  readonly entries: readonly EncodedEntries[];
}

/** Streams for one push: encoded once, however often it is tried. */
export class PushRequest {
  readonly streams: readonly EncodedStream[];
  #body: Promise<Buffer> | undefined;

  constructor(streams: readonly EncodedStream[]) {
    this.streams = streams;
  }

  /** Protobuf in snappy. */
  body(): Promise<Buffer> {
    this.#body ??= this.#compressed();
    return this.#body;
  }

  /** Encodes it ahead of the push; whoever pushes it learns of what goes wrong. */
  prepare(): void {
    this.body().catch(() => {});
  }

  async #compressed(): Promise<Buffer> {
    return compress(encodeStreams(this.streams));
  }
}

/** As a PushRequest of Loki's. */
export const encodeStreams = (streams: readonly EncodedStream[]): Buffer =>
  Buffer.concat(
    streams.flatMap(({ labels, entries }) => {
      const parts = entries.map(({ bytes }) => bytes);
      const own = protobuf.Writer.create().uint32(tags.labels).string(labels).finish();
      const length = parts.reduce((sum, { length: bytes }) => sum + bytes, own.length);
      const head = protobuf.Writer.create().uint32(tags.streams).uint32(length).finish();
      return [head, own, ...parts];
    }),
  );
