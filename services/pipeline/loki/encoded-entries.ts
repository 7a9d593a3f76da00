import protobuf from 'protobufjs/light.js';
import { ProtobufWriter } from './protobuf-writer.ts';
import { decodeEntries, type Pair, type PushEntry, tags } from './push-proto.ts';
import { writeMetadata } from './write-entry.ts';

/** The least and the most of several instants, in seconds since the epoch. */
export interface Span {
  readonly least: number;
  readonly most: number;
}

const writer = new ProtobufWriter();

/** Entries of one stream as Loki's push API has them, one after the other: they are passed on without being decoded. */
export class EncodedEntries {
  readonly bytes: Buffer;
  readonly count: number;
  /** Where all instants are, and those of others perhaps of which these are a part. */
  readonly span: Span;

  private constructor(bytes: Buffer, count: number, span: Span) {
    this.bytes = bytes;
    this.count = count;
    this.span = span;
  }

  /** @throws Error when the bytes are no entries */
  static in(bytes: Buffer): EncodedEntries {
    const reader = protobuf.Reader.create(bytes);
    const span = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
    let count = 0;
    for (; reader.pos < bytes.length; count += 1) {
      const end = enter(reader);
      const seconds = nextSeconds(reader, end);
      span.least = Math.min(span.least, seconds);
      span.most = Math.max(span.most, seconds);
      while (reader.pos < end) reader.skipType(reader.uint32() & 7);
      if (reader.pos !== end) throw new Error('a field of an entry goes beyond it');
    }
    return new EncodedEntries(bytes, count, span);
  }

  /** @param end of them, not within */
  slice(start: number, end: number = this.count): EncodedEntries {
    const last = Math.min(end, this.count);
    const first = Math.min(start, last);
    const until = last === this.count ? this.bytes.length : this.#startOf(last);
    return new EncodedEntries(this.bytes.subarray(this.#startOf(first), until), last - first, this.span);
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
    return new EncodedEntries(Buffer.from(bytes.buffer), this.count, this.span);
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

/** Of the instant of an entry, behind which it goes. */
function nextSeconds(reader: protobuf.Reader, end: number): number {
  if (!find(reader, tags.timestamp, end)) return 0;
  const behind = endOf(reader);
  const seconds = find(reader, tags.seconds, behind) ? reader.uint32() : 0;
  reader.pos = behind;
  return seconds;
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
