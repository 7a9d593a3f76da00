import { isUtf8 } from 'node:buffer';
import type { LogLevel } from '../../../../telemetry/contract/logs.ts';
import { levelOf } from '../../intake/levels.ts';
import { Remembered, type Span } from '../../intake/plain/spans.ts';
import type { JsonWriter } from './json-writer.ts';
import { levelByNumber } from './severity.ts';
import { forget, isThere, notPlain, span, tagOf, type Wire } from './wire.ts';

/** Fields of `LogRecord`, `KeyValue` and `AnyValue` in `logs_service.proto`. */
const tags = {
  time: tagOf(1, 'fixed64'),
  severityNumber: tagOf(2, 'varint'),
  severityText: tagOf(3, 'bytes'),
  body: tagOf(5, 'bytes'),
  attribute: tagOf(6, 'bytes'),
  droppedAttributes: tagOf(7, 'varint'),
  traceId: tagOf(9, 'bytes'),
  spanId: tagOf(10, 'bytes'),
  observed: tagOf(11, 'fixed64'),
  key: tagOf(1, 'bytes'),
  value: tagOf(2, 'bytes'),
  text: tagOf(1, 'bytes'),
  bool: tagOf(2, 'varint'),
  int: tagOf(3, 'varint'),
  double: tagOf(4, 'fixed64'),
} as const;
/** 8 are the flags, of which the gateway takes no notice. */
const flags = 8;
const lastOf = { record: 11, attribute: 2, value: 7 } as const;
/** Bytes of a varint that a 32-bit number is read from without a thought of its sign. */
const shortVarint = 4;
const nanosInSecond = 1e9;

const levels = new Remembered((from, start, end): LogLevel | undefined => {
  if (!isUtf8(from.subarray(start, end))) throw notPlain;
  return levelOf(from.toString('utf8', start, end));
});

/** What the entries of one resource share. */
export interface Shared {
  /** Members of an entry in JSON, each with a comma behind it. */
  readonly members: Uint8Array;
  /** Members of its fields. */
  readonly fields: Uint8Array;
}

/** Reads records and writes each as an entry in JSON, as `rawOf` makes it an object. */
export class Records {
  readonly #wire: Wire;
  readonly #json: JsonWriter;
  readonly #severity = span();
  readonly #message = span();
  readonly #traceId = span();
  readonly #spanId = span();
  readonly #key = span();
  readonly #value = span();
  /** Where attributes start and end. */
  readonly #attributes: number[] = [];
  #attributeCount = 0;
  #severityNumber = 0;
  #time = -1;
  #observed = -1;
  #isFirst = true;
  /** The instant that was written last: its halves, and what of its digits stands before the last second's nanoseconds. */
  readonly #latest = { high: -1, low: 0, seconds: '', nanos: 0 };

  constructor(wire: Wire, json: JsonWriter) {
    this.#wire = wire;
    this.#json = json;
  }

  /** The one record that ends there. @throws Error when it is not plain */
  take(end: number, shared: Shared, logger: Span): void {
    for (const one of [this.#severity, this.#message, this.#traceId, this.#spanId]) forget(one);
    this.#attributeCount = 0;
    this.#severityNumber = 0;
    this.#time = -1;
    this.#observed = -1;
    this.#wire.each(end, this.#field);
    this.#write(shared, logger);
    this.#wire.reader.pos = end;
  }

  readonly #field = (tag: number, end: number): void => {
    const wire = this.#wire;
    const { reader } = wire;
    if (tag === tags.attribute) {
      const attributeEnd = wire.end(end);
      this.#attributes[this.#attributeCount++] = reader.pos;
      this.#attributes[this.#attributeCount++] = attributeEnd;
      reader.pos = attributeEnd;
    } else if (tag === tags.body) wire.note(this.#message, end);
    else if (tag === tags.severityText) wire.note(this.#severity, end);
    else if (tag === tags.traceId) wire.note(this.#traceId, end);
    else if (tag === tags.spanId) wire.note(this.#spanId, end);
    else if (tag === tags.severityNumber) this.#severityNumber = reader.int32();
    else if (tag === tags.time || tag === tags.observed) {
      if (tag === tags.time) this.#time = reader.pos;
      else this.#observed = reader.pos;
      reader.skip(8);
    } else if (tag === tags.droppedAttributes || tag >>> 3 === flags) reader.skipType(tag & 7);
    else wire.skip(tag, lastOf.record);
  };

  #write({ members, fields }: Shared, logger: Span): void {
    const json = this.#json;
    const { body } = this.#wire;
    json.ascii(this.#isFirst ? '{' : ',{');
    this.#isFirst = false;
    if (!this.#writeTime(this.#time)) this.#writeTime(this.#observed);
    json.raw(members);
    const { start, end } = this.#severity;
    const level = isThere(this.#severity) ? levels.of(body, start, end) : undefined;
    json.ascii('"level":"');
    json.ascii(level ?? levelByNumber(this.#severityNumber));
    json.ascii('"');
    if (isThere(this.#message)) this.#writeMessage(this.#message);
    if (logger.end > logger.start) {
      json.ascii(',"logger":');
      json.text(body, logger.start, logger.end);
    }
    this.#writeId(',"trace_id":"', this.#traceId);
    this.#writeId(',"span_id":"', this.#spanId);
    json.ascii(',"fields":{');
    json.raw(fields);
    for (let index = 0; index < this.#attributeCount; index += 2) {
      if (index > 0 || fields.length > 0) json.ascii(',');
      this.#writeAttribute(this.#attributes[index] ?? 0, this.#attributes[index + 1] ?? 0);
    }
    json.ascii('}}');
  }

  /** False where there is none: 0 is what OpenTelemetry writes for that. */
  #writeTime(at: number): boolean {
    if (at === -1) return false;
    const { body } = this.#wire;
    const [low, high] = [body.readUInt32LE(at), body.readUInt32LE(at + 4)];
    if (low === 0 && high === 0) return false;
    const latest = this.#latest;
    // Within one second it is the difference that is written: 64 bits at once are dear.
    const nanos = high === latest.high ? latest.nanos + low - latest.low : -1;
    if (nanos < 0 || nanos >= nanosInSecond) {
      const digits = String(body.readBigUInt64LE(at));
      // From 2001 to 2286: others are refused.
      if (digits.length !== 19) throw notPlain;
      latest.seconds = digits.slice(0, -9);
      latest.nanos = Number(digits.slice(-9));
    } else latest.nanos = nanos;
    latest.low = low;
    latest.high = high;
    this.#json.ascii('"timestamp":"');
    this.#json.ascii(latest.seconds);
    this.#json.digits(latest.nanos, 9);
    this.#json.ascii('",');
    return true;
  }

  #writeMessage({ start, end }: Span): void {
    this.#wire.reader.pos = start;
    forget(this.#value);
    this.#wire.each(end, this.#messageField);
    if (!isThere(this.#value)) return;
    this.#json.ascii(',"message":');
    this.#json.text(this.#wire.body, this.#value.start, this.#value.end);
  }

  readonly #messageField = (tag: number, end: number): void => {
    if (tag !== tags.text) throw notPlain;
    this.#wire.note(this.#value, end);
  };

  #writeId(before: string, { start, end }: Span): void {
    if (end <= start) return;
    this.#json.ascii(before);
    this.#json.ascii(this.#wire.body.toString('hex', start, end));
    this.#json.ascii('"');
  }

  #writeAttribute(start: number, end: number): void {
    const wire = this.#wire;
    const { reader } = wire;
    forget(this.#key);
    forget(this.#value);
    reader.pos = start;
    wire.each(end, this.#attributeField);
    this.#json.text(wire.body, this.#key.start, this.#key.end);
    this.#json.ascii(':');
    if (this.#value.end <= this.#value.start) {
      this.#json.ascii('null');
      return;
    }
    reader.pos = this.#value.start;
    this.#writeValue(reader.uint32(), this.#value.end);
    // One of several would count.
    if (reader.pos !== this.#value.end) throw notPlain;
  }

  readonly #attributeField = (tag: number, end: number): void => {
    if (tag === tags.key) this.#wire.note(this.#key, end);
    else if (tag === tags.value) this.#wire.note(this.#value, end);
    else this.#wire.skip(tag, lastOf.attribute);
  };

  #writeValue(tag: number, end: number): void {
    const wire = this.#wire;
    const { reader, body } = wire;
    if (tag === tags.text) {
      const textEnd = wire.end(end);
      this.#json.text(body, reader.pos, textEnd);
      reader.pos = textEnd;
    } else if (tag === tags.int) this.#json.ascii(this.#int());
    else if (tag === tags.bool) this.#json.ascii(reader.bool() ? 'true' : 'false');
    else if (tag === tags.double) this.#json.ascii(JSON.stringify(reader.double()));
    else throw notPlain;
  }

  /** A number, or the text of one that a double would change. */
  #int(): string {
    const { reader, body } = this.#wire;
    for (let at = reader.pos; at < reader.pos + shortVarint; at += 1) {
      if ((body[at] ?? 0) < 0x80) return String(reader.uint32());
    }
    const digits = String(reader.int64());
    return Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`;
  }
}
