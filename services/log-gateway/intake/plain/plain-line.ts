import { rfc3339 } from '../../../pipeline/loki/line.ts';
import { ProtobufWriter } from '../../../pipeline/loki/protobuf-writer.ts';
import { tags } from '../../../pipeline/loki/push-proto.ts';
import { heads, writeInstant, writeMetadata } from '../../../pipeline/loki/write-entry.ts';
import { idAt } from '../ids.ts';

/** Bytes of a value in the body of a request; none where `start` is `end`. */
export interface Span {
  start: number;
  end: number;
}

/** What an entry says, by where it says it. Texts are with their quotes. */
export interface PlainEntry {
  readonly message: Span;
  readonly logger: Span;
  readonly request_id: Span;
  readonly trace_id: Span;
  readonly span_id: Span;
  readonly user_id: Span;
  readonly host: Span;
  readonly source: Span;
  /** In JSON. */
  level: Uint8Array;
  /** Of each free field where its name starts and ends, and its value. */
  readonly fields: number[];
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const [quote, lineEnd, comma, colon] = [bytesOf('"'), bytesOf('}'), bytesOf(','), bytesOf(':')];
const textMembers = (['request_id', 'user_id', 'trace_id', 'span_id'] as const).map((name) => ({
  name,
  begins: bytesOf(`,"${name}":`),
}));
const beforeLogger = bytesOf(',"logger":');
const beforeMessage = bytesOf(',"message":');
const beforeId = bytesOf(',"id":"');
const usualRest = 250;

/** Writes plain entries of one body as `writeEntry` writes what they say. */
export class PlainLines {
  readonly #body: Buffer;
  readonly #id: Uint8Array;
  /** What entries of one instant share. */
  #event: ReturnType<typeof eventOf> | undefined;

  /** @param idsStart of the ids of the request */
  constructor(body: Buffer, idsStart: string) {
    this.#body = body;
    this.#id = bytesOf(idAt(idsStart, 0));
  }

  write(writer: ProtobufWriter, entry: PlainEntry, index: number, ns: string, eventNs: string): void {
    if (this.#event?.ns !== eventNs) this.#event = eventOf(eventNs);
    const { pair: eventPair, lineHead } = this.#event;
    this.#number(index);
    const { message } = entry;
    const guess = message.end - message.start + usualRest;
    writer.varint(tags.entries);
    const start = writer.open(guess);
    writeInstant(writer, ns);
    this.#line(writer, entry, lineHead);
    for (const { name, head } of heads) {
      if (name === 'id') pair(writer, head, this.#id, 0, this.#id.length);
      else if (name === 'event_ns') writer.raw(eventPair);
      else {
        const { start: from, end } = entry[name];
        if (from !== end) pair(writer, head, this.#body, from + 1, end - 1);
      }
    }
    writer.close(start, guess);
  }

  #line(writer: ProtobufWriter, entry: PlainEntry, lineHead: Uint8Array): void {
    const body = this.#body;
    const { message, logger, fields } = entry;
    const guess = message.end - message.start + usualRest / 2;
    writer.varint(tags.line);
    const start = writer.open(guess);
    writer.raw(lineHead);
    writer.raw(entry.level);
    if (logger.start !== logger.end) {
      writer.raw(beforeLogger);
      writer.raw(body, logger.start, logger.end);
    }
    writer.raw(beforeMessage);
    writer.raw(body, message.start, message.end);
    for (const { name, begins } of textMembers) {
      const span = entry[name];
      if (span.start === span.end) continue;
      writer.raw(begins);
      writer.raw(body, span.start, span.end);
    }
    writer.raw(beforeId);
    writer.raw(this.#id);
    writer.raw(quote);
    for (let at = 0; at < fields.length; at += 4) {
      writer.raw(comma);
      writer.raw(body, (fields[at] ?? 0) - 1, (fields[at + 1] ?? 0) + 1);
      writer.raw(colon);
      writer.raw(body, fields[at + 2], fields[at + 3]);
    }
    writer.raw(lineEnd);
    writer.close(start, guess);
  }

  /** The last digits of the id are the index in the request. */
  #number(index: number): void {
    let rest = index;
    for (let at = this.#id.length - 1; at >= this.#id.length - 6; at -= 1) {
      const digit = rest & 0xf;
      this.#id[at] = digit < 10 ? 0x30 + digit : 0x57 + digit;
      rest >>= 4;
    }
  }
}

function pair(writer: ProtobufWriter, head: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
  const guess = head.length + 1 + end - start;
  writer.varint(tags.structuredMetadata);
  const opened = writer.open(guess);
  writer.raw(head);
  writer.varint(end - start);
  writer.raw(bytes, start, end);
  writer.close(opened, guess);
}

const made = new ProtobufWriter();

function eventOf(ns: string) {
  return {
    ns,
    lineHead: bytesOf(`{"timestamp":"${rfc3339(ns)}","level":`),
    pair: made.encoded(() => writeMetadata(made, [{ name: 'event_ns', value: ns }])),
  };
}
