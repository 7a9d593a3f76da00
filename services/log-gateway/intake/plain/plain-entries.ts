import type { LogLevel } from '../../../../telemetry/contract/logs.ts';
import type { BatchEncoder } from '../../../pipeline/queue/batch-encoder.ts';
import type { Admission, AdmissionLimits } from '../admission.ts';
import { type Instant, instantOf } from '../instants.ts';
import { levelOf } from '../levels.ts';
import {
  closeArray,
  closeObject,
  colon,
  comma,
  type JsonReader,
  notPlain,
  openObject,
  quote,
  textHas,
} from './json-reader.ts';
import { type PlainEntry, PlainLines } from './plain-line.ts';
import { messagePlace, type Named, named, roles } from './roles.ts';
import { Names, Remembered, type Span, sameBytes } from './spans.ts';

const texts = new Remembered((bytes, start, end) => bytes.toString('utf8', start, end));
/** With its quotes, or a number. */
const levels = new Remembered((bytes, start, end) => {
  const level = levelOf(JSON.parse(bytes.toString('utf8', start, end)));
  return level === undefined ? undefined : { level, json: levelJson(level) };
});
const levelJson = (level: LogLevel): Uint8Array => new Uint8Array(Buffer.from(`"${level}"`));
const info = { level: 'INFO', json: levelJson('INFO') } as const;

/** The first byte of null. */
const nullStarts = 0x6e;
/** What a byte of fields weighs at the most (`weighed`). */
const weightOfByte = 8;

/** What is needed beside a body. */
export interface PlainSending {
  readonly admission: Admission;
  readonly limits: Pick<AdmissionLimits, 'messageBytes' | 'fieldsBytes' | 'nesting'>;
  /** Whose the entries are. */
  readonly organization: string;
  readonly entries: BatchEncoder;
  readonly idsStart: string;
  /** Takes an entry that is not plain. */
  readonly judge: (raw: unknown, index: number) => void;
}

/**
 * Reads the entries of a body and puts those that are plain into the batch byte by byte, without making objects and texts
 * of them (docs/decisions/0022). Most are. What it writes is what `Admission` and `writeEntry` would have made of them.
 */
export class PlainEntries {
  readonly #json: JsonReader;
  readonly #sending: PlainSending;
  readonly #lines: PlainLines;
  readonly #spans: Readonly<Record<Named, Span>> = {
    ...{ message: none(), timestamp: none(), level: none(), service: none(), source: none(), host: none() },
    ...{ logger: none(), request_id: none(), trace_id: none(), span_id: none(), user_id: none() },
  };
  /** By their places. */
  readonly #all = named.map((name) => this.#spans[name]);
  readonly #entry: PlainEntry = { ...this.#spans, level: info.json, fields: [], fieldsEnd: 0 };
  /** Of free fields, also of those that are null. */
  readonly #names = new Names();
  #latest: Timed | undefined;

  /** @param json before its list */
  constructor(json: JsonReader, sending: PlainSending) {
    this.#json = json;
    this.#lines = new PlainLines(json.bytes, sending.idsStart, this.#entry);
    this.#sending = sending;
  }

  /** @returns how many there were; undefined where the body is no list of at most so many, and nothing of it counts */
  take(most: number): number | undefined {
    const json = this.#json;
    json.at += 1;
    for (let index = 0; index < most; index += 1) {
      json.next();
      if (!this.#takeOne(index)) return undefined;
      const byte = json.next();
      json.at += 1;
      if (byte === closeArray) return json.next() === -1 ? index + 1 : undefined;
      if (byte !== comma) return undefined;
    }
    return undefined;
  }

  #takeOne(index: number): boolean {
    const json = this.#json;
    const start = json.at;
    if (this.#read() && this.#write(index)) return true;
    json.at = start;
    if (!json.skip()) return false;
    try {
      this.#sending.judge(JSON.parse(json.bytes.toString('utf8', start, json.at)), index);
      return true;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }

  /** Where the members of the entry are; false where it is not plain. */
  #read(): boolean {
    const json = this.#json;
    if (json.bytes[json.at] !== openObject) return false;
    for (const span of this.#all) {
      span.start = 0;
      span.end = 0;
    }
    this.#entry.fieldsEnd = 0;
    this.#names.clear();
    return this.#members(this.#member);
  }

  /** Goes through an object. @param read goes behind the value of a member; false where it is not plain */
  #members(read: (start: number, end: number) => boolean): boolean {
    const json = this.#json;
    do {
      json.at += 1;
      if (json.next() !== quote) return false;
      const start = json.at + 1;
      if (json.text() !== textHas.nothing) return false;
      const end = json.at - 1;
      if (json.next() !== colon) return false;
      json.at += 1;
      json.next();
      if (!read(start, end)) return false;
    } while (json.next() === comma);
    const isEnd = json.next() === closeObject;
    json.at += 1;
    return isEnd;
  }

  readonly #member = (start: number, end: number): boolean => {
    const json = this.#json;
    const { kind, place, longest, mayBeNumber } = roles.of(json.bytes, start, end);
    if (kind === 'free') return this.#field(start, end, false);
    if (kind === 'fields') return this.#fields();
    const span = this.#all[place];
    if (span === undefined) return false;
    span.start = json.at;
    if (json.bytes[json.at] !== quote) {
      // Numbers are times and levels; what is null says nothing.
      if (!json.value(0)) return false;
      if (json.bytes[span.start] === nullStarts) return false;
      span.end = json.at;
      return mayBeNumber;
    }
    const has = json.text();
    span.end = json.at;
    if (has === notPlain || span.end - span.start === 2) return false;
    const inside = span.end - span.start - 2;
    if (place === messagePlace) return inside <= this.#sending.limits.messageBytes;
    return has === textHas.nothing && inside <= longest;
  };

  /** They stand before all other free fields, wherever they come. */
  #fields(): boolean {
    const json = this.#json;
    if (!this.#names.isEmpty || json.bytes[json.at] !== openObject) return false;
    return this.#members(this.#memberOfFields);
  }

  readonly #memberOfFields = (start: number, end: number): boolean => {
    const { kind } = roles.of(this.#json.bytes, start, end);
    return (kind === 'free' || kind === 'fields') && this.#field(start, end, true);
  };

  #field(start: number, end: number, keepsNull: boolean): boolean {
    const json = this.#json;
    const valueStart = json.at;
    if (!this.#names.add(json.bytes, start, end)) return false;
    if (!json.value(this.#sending.limits.nesting - 1)) return false;
    const isNull = json.bytes[valueStart] === nullStarts;
    if (!keepsNull && isNull) return true;
    const entry = this.#entry;
    entry.fields[entry.fieldsEnd++] = start;
    entry.fields[entry.fieldsEnd++] = end;
    entry.fields[entry.fieldsEnd++] = valueStart;
    entry.fields[entry.fieldsEnd++] = json.at;
    return true;
  }

  /** False where the entry is to be judged, after all: nothing is written then. */
  #write(index: number): boolean {
    const { limits, admission, organization, entries } = this.#sending;
    const { bytes } = this.#json;
    const { message, timestamp, level: levelSpan, service, source } = this.#spans;
    const { fields, fieldsEnd } = this.#entry;
    if (message.end === 0) return false;
    const weight = fieldsEnd === 0 ? 0 : (fields[fieldsEnd - 1] ?? 0) - (fields[0] ?? 0);
    if (weight * weightOfByte > limits.fieldsBytes) return false;
    const instant = timestamp.end === 0 ? admission.now : this.#instantAt(timestamp);
    const level = levelSpan.end === 0 ? info : levels.of(bytes, levelSpan.start, levelSpan.end);
    if (level === undefined || instant === undefined || !admission.isTimely(instant)) return false;
    const from = service.end === 0 ? source : service;
    const name = from.end === 0 ? 'unknown' : texts.of(bytes, from.start + 1, from.end - 1);
    this.#entry.level = level.json;
    const ns = admission.spreaderOf(organization).at(instant.ns);
    this.#lines.write(entries.next({ service: name, level: level.level }), index, ns, instant.ns);
    return true;
  }

  #instantAt({ start, end }: Span): Instant | undefined {
    const { bytes } = this.#json;
    const latest = this.#latest;
    if (latest !== undefined && latest.end - latest.start === end - start) {
      if (sameBytes(bytes, start, end, bytes, latest.start)) return latest.instant;
    }
    const isText = bytes[start] === quote;
    const given: unknown = isText
      ? bytes.toString('latin1', start + 1, end - 1)
      : JSON.parse(bytes.toString('latin1', start, end));
    const instant = instantOf(given);
    this.#latest = { start, end, instant };
    return instant;
  }
}

interface Timed extends Span {
  readonly instant: Instant | undefined;
}

/** A value that did not come ends where it starts. */
const none = (): Span => ({ start: 0, end: 0 });
