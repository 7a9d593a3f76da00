import protobuf from 'protobufjs/light.js';
import { ProtobufWriter } from './protobuf-writer.ts';
import { decodeEntries, type Pair, type PushEntry, tags } from './push-proto.ts';
import { writeMetadata } from './write-entry.ts';

/** An entry among others. */
interface Place {
  readonly start: number;
  /** Where its fields begin, behind their length. */
  readonly fields: number;
  readonly end: number;
  /** Of its instant, since the epoch. */
  readonly seconds: number;
}

const writer = new ProtobufWriter();

/** Entries of one stream as Loki's push API has them, one after the other: they are passed on without being decoded. */
export class EncodedEntries {
  /** With others before and behind. */
  readonly #bytes: Buffer;
  readonly #places: readonly Place[];

  private constructor(bytes: Buffer, places: readonly Place[]) {
    this.#bytes = bytes;
    this.#places = places;
  }

  /** @throws Error when the bytes are no entries */
  static in(bytes: Buffer): EncodedEntries {
    const reader = protobuf.Reader.create(bytes);
    const places: Place[] = [];
    while (reader.pos < bytes.length) places.push(nextPlace(reader));
    return new EncodedEntries(bytes, places);
  }

  get count(): number {
    return this.#places.length;
  }

  get byteLength(): number {
    return this.#end - this.#start;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  get #start(): number {
    return this.#places[0]?.start ?? 0;
  }

  get #end(): number {
    return this.#places.at(-1)?.end ?? 0;
  }

  /** @param end of them, not within */
  slice(start: number, end?: number): EncodedEntries {
    return new EncodedEntries(this.#bytes, this.#places.slice(start, end));
  }

  /** How many of the first have so many bytes together. */
  countWithin(bytes: number): number {
    const most = bytes + this.#start;
    const beyond = this.#places.findIndex(({ end }) => end > most);
    return beyond === -1 ? this.count : beyond;
  }

  /** Tells the instant of each, in seconds since the epoch, and its line to who asks for it. */
  forEach(use: (seconds: number, line: () => string) => void): void {
    const reader = protobuf.Reader.create(this.#bytes);
    for (const { fields, end, seconds } of this.#places) use(seconds, () => lineIn(reader, fields, end));
  }

  /** The same with more metadata beside each. */
  with(pairs: readonly Pair[]): EncodedEntries {
    const more = writer.encoded(() => writeMetadata(writer, pairs));
    const bytes = writer.encoded(() => {
      for (const { fields, end } of this.#places) {
        writer.varint(tags.entries);
        writer.varint(end - fields + more.length);
        writer.raw(this.#bytes.subarray(fields, end));
        writer.raw(more);
      }
    });
    return EncodedEntries.in(Buffer.from(bytes.buffer));
  }

  decoded(): readonly PushEntry[] {
    return decodeEntries(this.bytes);
  }
}

function nextPlace(reader: protobuf.Reader): Place {
  const start = reader.pos;
  if (reader.uint32() !== tags.entries) throw new Error('there is something else among the entries');
  const length = reader.uint32();
  const fields = reader.pos;
  const end = fields + length;
  let seconds = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tags.timestamp) seconds = secondsIn(reader);
    else reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new Error('a field of an entry goes beyond it');
  return { start, fields, end, seconds };
}

function secondsIn(reader: protobuf.Reader): number {
  const end = reader.uint32() + reader.pos;
  let seconds = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tags.seconds) seconds = reader.uint32();
    else reader.skipType(tag & 7);
  }
  return seconds;
}

function lineIn(reader: protobuf.Reader, fields: number, end: number): string {
  reader.pos = fields;
  let line = '';
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tags.line) line = reader.string();
    else reader.skipType(tag & 7);
  }
  return line;
}
