import { rfc3339 } from '../../../pipeline/loki/line.ts';
import { ProtobufWriter } from '../../../pipeline/loki/protobuf-writer.ts';
import { tags } from '../../../pipeline/loki/push-proto.ts';
import { heads, isBeside, writeInstant, writeMetadata } from '../../../pipeline/loki/write-entry.ts';
import { idAt } from '../ids.ts';
import type { Span } from './spans.ts';

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
  /** Of each free field where its name starts and ends, and its value: as many numbers as count. */
  readonly fields: number[];
  fieldsEnd: number;
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
/** What is copied from the body. */
const copied = heads.flatMap(({ name, head }) =>
  name === 'id' || name === 'event_ns' ? [] : [{ name, head }],
);
const idHead = heads.find(({ name }) => name === 'id')?.head ?? new Uint8Array();
const fractionDigits = 9;
/** In the head of a line. */
const fractionAt = '{"timestamp":"2026-01-31T12:00:00.'.length;

interface Member {
  readonly begins: Uint8Array;
  readonly span: Span;
}

/** Writes plain entries of one body as `writeEntry` writes what they say. */
export class PlainLines {
  readonly #body: Buffer;
  readonly #id: Uint8Array;
  readonly #entry: PlainEntry;
  /** Of the entry: names are looked up once, and not for each. */
  readonly #members: readonly Member[];
  readonly #metadata: readonly Member[];
  #event = eventOf('0000000000000000000');

  /** @param idsStart of the ids of the request @param entry which is another at each `write` */
  constructor(body: Buffer, idsStart: string, entry: PlainEntry) {
    this.#body = body;
    this.#id = bytesOf(idAt(idsStart, 0));
    this.#entry = entry;
    this.#members = textMembers.map(({ name, begins }) => ({ begins, span: entry[name] }));
    this.#metadata = copied.map(({ name, head }) => ({ begins: head, span: entry[name] }));
  }

  write(writer: ProtobufWriter, index: number, ns: string, eventNs: string): void {
    const { pair: eventPair, lineHead } = this.#eventAt(eventNs);
    this.#number(index);
    const { message } = this.#entry;
    const guess = message.end - message.start + usualRest;
    writer.varint(tags.entries);
    const start = writer.open(guess);
    writeInstant(writer, ns);
    this.#line(writer, lineHead);
    pair(writer, idHead, this.#id, 0, this.#id.length);
    if (isBeside(eventNs, ns)) writer.raw(eventPair);
    for (const { begins, span } of this.#metadata) {
      if (span.start !== span.end) pair(writer, begins, this.#body, span.start + 1, span.end - 1);
    }
    writer.close(start, guess);
  }

  /** What entries of one instant share; of one second, all but some digits. */
  #eventAt(ns: string): EventBytes {
    const event = this.#event;
    if (event.ns === ns) return event;
    if (!ns.startsWith(event.second)) {
      this.#event = eventOf(ns);
      return this.#event;
    }
    const { lineHead, pair: eventPair } = event;
    for (let at = 0; at < fractionDigits; at += 1) {
      const digit = ns.charCodeAt(event.second.length + at);
      lineHead[fractionAt + at] = digit;
      eventPair[eventPair.length - fractionDigits + at] = digit;
    }
    event.ns = ns;
    return event;
  }

  #line(writer: ProtobufWriter, lineHead: Uint8Array): void {
    const body = this.#body;
    const entry = this.#entry;
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
    for (const { begins, span } of this.#members) {
      if (span.start === span.end) continue;
      writer.raw(begins);
      writer.raw(body, span.start, span.end);
    }
    writer.raw(beforeId);
    writer.raw(this.#id);
    writer.raw(quote);
    for (let at = 0; at < entry.fieldsEnd; at += 4) {
      const [name = 0, nameEnd = 0] = [fields[at], fields[at + 1]];
      const [value = 0, end = 0] = [fields[at + 2], fields[at + 3]];
      writer.raw(comma);
      // Mostly the value follows its name without space, so that both are one piece.
      if (value === nameEnd + 2) writer.raw(body, name - 1, end);
      else {
        writer.raw(body, name - 1, nameEnd + 1);
        writer.raw(colon);
        writer.raw(body, value, end);
      }
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

interface EventBytes {
  ns: string;
  /** Digits of `ns` before those of its last second. */
  readonly second: string;
  readonly lineHead: Uint8Array;
  readonly pair: Uint8Array;
}

function eventOf(ns: string): EventBytes {
  return {
    ns,
    second: ns.slice(0, -fractionDigits),
    lineHead: bytesOf(`{"timestamp":"${rfc3339(ns)}","level":`),
    pair: made.encoded(() => writeMetadata(made, [{ name: 'event_ns', value: ns }])),
  };
}
