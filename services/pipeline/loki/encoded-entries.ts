import protobuf from 'protobufjs/light.js';
import { ProtobufWriter } from './protobuf-writer.ts';
import { decodeEntries, type Pair, type PushEntry, tags } from './push-proto.ts';
import { writeMetadata } from './write-entry.ts';

/**
 * Where entries are: of each, where it starts, where its fields do, behind their length, where it ends, and the seconds
 * since the epoch of its instant. Arrays of numbers, since thousands of entries are held until they are stored.
 */
interface Places {
  readonly starts: number[];
  readonly fields: number[];
  readonly ends: number[];
  readonly seconds: number[];
}

const writer = new ProtobufWriter();

/** Entries of one stream as Loki's push API has them, one after the other: they are passed on without being decoded. */
export class EncodedEntries {
  /** With others before and behind. */
  readonly #bytes: Buffer;
  readonly #places: Places;
  /** Numbers of entries in `#places`. */
  readonly #first: number;
  readonly #end: number;

  private constructor(bytes: Buffer, places: Places, first: number, end: number) {
    this.#bytes = bytes;
    this.#places = places;
    this.#first = first;
    this.#end = end;
  }

  /** @throws Error when the bytes are no entries */
  static in(bytes: Buffer): EncodedEntries {
    const reader = protobuf.Reader.create(bytes);
    const places: Places = { starts: [], fields: [], ends: [], seconds: [] };
    while (reader.pos < bytes.length) addNext(reader, places);
    return new EncodedEntries(bytes, places, 0, places.starts.length);
  }

  get count(): number {
    return this.#end - this.#first;
  }

  get byteLength(): number {
    return this.count === 0 ? 0 : this.#at('ends', this.#end - 1) - this.#at('starts', this.#first);
  }

  get bytes(): Buffer {
    const start = this.count === 0 ? 0 : this.#at('starts', this.#first);
    return this.#bytes.subarray(start, start + this.byteLength);
  }

  /** @param end of them, not within */
  slice(start: number, end: number = this.count): EncodedEntries {
    const last = Math.min(this.#end, this.#first + end);
    return new EncodedEntries(this.#bytes, this.#places, Math.min(last, this.#first + start), last);
  }

  /** How many of the first have so many bytes together. */
  countWithin(bytes: number): number {
    let index = this.#first;
    while (index < this.#end && this.#at('ends', index) - this.#at('starts', this.#first) <= bytes)
      index += 1;
    return index - this.#first;
  }

  /** Tells the instant of each, in seconds since the epoch, and its line to who asks for it. */
  forEach(use: (seconds: number, line: () => string) => void): void {
    const reader = protobuf.Reader.create(this.#bytes);
    for (let index = this.#first; index < this.#end; index += 1) {
      use(this.#at('seconds', index), () => {
        reader.pos = this.#at('fields', index);
        return nextLine(reader, this.#at('ends', index));
      });
    }
  }

  /** The same with more metadata beside each. */
  with(pairs: readonly Pair[]): EncodedEntries {
    const more = writer.encoded(() => writeMetadata(writer, pairs));
    const bytes = writer.encoded(() => {
      for (let index = this.#first; index < this.#end; index += 1) {
        const [start, end] = [this.#at('fields', index), this.#at('ends', index)];
        writer.varint(tags.entries);
        writer.varint(end - start + more.length);
        writer.raw(this.#bytes.subarray(start, end));
        writer.raw(more);
      }
    });
    return EncodedEntries.in(Buffer.from(bytes.buffer));
  }

  decoded(): readonly PushEntry[] {
    return decodeEntries(this.bytes);
  }

  #at(what: keyof Places, index: number): number {
    return this.#places[what][index] ?? 0;
  }
}

function addNext(reader: protobuf.Reader, { starts, fields, ends, seconds }: Places): void {
  starts.push(reader.pos);
  if (reader.uint32() !== tags.entries) throw new Error('there is something else among the entries');
  const length = reader.uint32();
  const end = reader.pos + length;
  fields.push(reader.pos);
  let instant = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tags.timestamp) instant = nextSeconds(reader);
    else reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new Error('a field of an entry goes beyond it');
  ends.push(end);
  seconds.push(instant);
}

function nextSeconds(reader: protobuf.Reader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  let seconds = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tags.seconds) seconds = reader.uint32();
    else reader.skipType(tag & 7);
  }
  return seconds;
}

function nextLine(reader: protobuf.Reader, end: number): string {
  let line = '';
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tags.line) line = reader.string();
    else reader.skipType(tag & 7);
  }
  return line;
}
