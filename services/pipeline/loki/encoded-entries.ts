import protobuf from 'protobufjs/light.js';
import { ProtobufWriter } from './protobuf-writer.ts';
import { decodeEntries, type Pair, type PushEntry, tags } from './push-proto.ts';
import { writeMetadata } from './write-entry.ts';

const writer = new ProtobufWriter();

/** Entries of one stream as Loki's push API has them, one after the other: they are passed on without being decoded. */
export class EncodedEntries {
  readonly bytes: Buffer;
  readonly count: number;

  private constructor(bytes: Buffer, count: number) {
    this.bytes = bytes;
    this.count = count;
  }

  /** @throws Error when the bytes are no entries */
  static in(bytes: Buffer): EncodedEntries {
    const reader = protobuf.Reader.create(bytes);
    let count = 0;
    for (; reader.pos < bytes.length; count += 1) {
      const end = enter(reader);
      while (reader.pos < end) reader.skipType(reader.uint32() & 7);
      if (reader.pos !== end) throw new Error('a field of an entry goes beyond it');
    }
    return new EncodedEntries(bytes, count);
  }

  /** @param end of them, not within */
  slice(start: number, end: number = this.count): EncodedEntries {
    const last = Math.min(end, this.count);
    const first = Math.min(start, last);
    const from = this.#startOf(first);
    return new EncodedEntries(
      this.bytes.subarray(from, last === this.count ? undefined : this.#startOf(last)),
      last - first,
    );
  }

  /** How many of the first have so many bytes together. */
  countWithin(bytes: number): number {
    if (this.bytes.length <= bytes) return this.count;
    const reader = protobuf.Reader.create(this.bytes);
    let count = -1;
    for (; reader.pos <= bytes; count += 1) reader.pos = enter(reader);
    return count;
  }

  /** Tells the instant of each, in seconds since the epoch, and its line to who asks for it. */
  forEach(use: (seconds: number, line: () => string) => void): void {
    const reader = protobuf.Reader.create(this.bytes);
    while (reader.pos < this.bytes.length) {
      const end = enter(reader);
      const start = reader.pos;
      use(nextSeconds(reader, end), () => {
        reader.pos = start;
        return find(reader, tags.line, end) ? reader.string() : '';
      });
      reader.pos = end;
    }
  }

  /** The same with more metadata beside each. */
  with(pairs: readonly Pair[]): EncodedEntries {
    const more = writer.encoded(() => writeMetadata(writer, pairs));
    const reader = protobuf.Reader.create(this.bytes);
    const bytes = writer.encoded(() => {
      while (reader.pos < this.bytes.length) {
        const end = enter(reader);
        writer.varint(tags.entries);
        writer.varint(end - reader.pos + more.length);
        writer.raw(this.bytes.subarray(reader.pos, end));
        writer.raw(more);
        reader.pos = end;
      }
    });
    return new EncodedEntries(Buffer.from(bytes.buffer), this.count);
  }

  decoded(): readonly PushEntry[] {
    return decodeEntries(this.bytes);
  }

  #startOf(index: number): number {
    const reader = protobuf.Reader.create(this.bytes);
    for (let passed = 0; passed < index; passed += 1) reader.pos = enter(reader);
    return reader.pos;
  }
}

/** Goes to the fields of the next entry. @returns where they end */
function enter(reader: protobuf.Reader): number {
  if (reader.uint32() !== tags.entries) throw new Error('there is something else among the entries');
  return endOf(reader);
}

/** Of the instant of an entry. */
function nextSeconds(reader: protobuf.Reader, end: number): number {
  if (!find(reader, tags.timestamp, end)) return 0;
  return find(reader, tags.seconds, endOf(reader)) ? reader.uint32() : 0;
}

/** Goes behind the next of these tags, or to the end where there is none. */
function find(reader: protobuf.Reader, tag: number, end: number): boolean {
  while (reader.pos < end) {
    const found = reader.uint32();
    if (found === tag) return true;
    reader.skipType(found & 7);
  }
  return false;
}

function endOf(reader: protobuf.Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}
