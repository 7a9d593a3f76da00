import type { LogLevel } from '../../../telemetry/contract/logs.ts';
import { type AdmittedEntry, InstantSpreader, type JsonValue } from '../../pipeline/entry.ts';
import { control, idLength, nameLength, organizationPattern, tagLength, tagName } from './entry-schema.ts';
import { type Instant, instantAt, instantOf } from './instants.ts';
import { levelOf } from './levels.ts';
import { weighed } from './weight.ts';

export interface AdmissionLimits {
  readonly messageBytes: number;
  readonly fieldsBytes: number;
  readonly nesting: number;
  readonly maxAgeHours: number;
  readonly maxAheadSeconds: number;
}

/** Why an entry is not taken, for its sender to read: no value of it is quoted. */
export interface EntryRefusal {
  readonly index: number;
  readonly reason: string;
}

/** The same thing while it is built. */
type Draft = { -readonly [K in keyof AdmittedEntry]: AdmittedEntry[K] };
type Fields = Readonly<Record<string, JsonValue>>;

const names = ['service', 'source', 'host', 'logger'] as const;
const ids = ['request_id', 'trace_id', 'span_id', 'user_id'] as const;
const isName = new Set<string>(names);
const isId = new Set<string>(ids);

class Refused extends Error {}

/** Judges the entries of one request, and gives them their ids and instants. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #idOf: (index: number) => string;
  /** Of entries that say none. */
  readonly now: Instant;
  readonly #oldest: number;
  readonly #newest: number;
  readonly #spreaders = new Map<string, InstantSpreader>();

  /** @param idOf the id of the entry at an index of the request @param nowMs milliseconds since the epoch */
  constructor(limits: AdmissionLimits, idOf: (index: number) => string, nowMs: number) {
    this.#limits = limits;
    this.#idOf = idOf;
    this.now = instantAt(nowMs);
    this.#oldest = nowMs - limits.maxAgeHours * 3_600_000;
    this.#newest = nowMs + limits.maxAheadSeconds * 1000;
  }

  /**
   * @param organizationOf whose entry it is, from what the entry says; a text that is thrown is the reason
   * @returns the entry and its organization, or why not
   */
  admit(
    raw: unknown,
    index: number,
    organizationOf: (given: string | undefined) => string | undefined,
  ): { readonly entry: AdmittedEntry; readonly organization: string } | EntryRefusal {
    try {
      if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new Refused('it is no object');
      const { draft, given } = this.#draftOf(raw, index);
      const organization = organizationOf(given);
      if (organization === undefined) {
        throw new Refused(
          given === undefined
            ? 'organizationId: is needed, because the key has several'
            : 'organizationId: is not one of the key’s',
        );
      }
      draft.timestamp_ns = this.spreaderOf(organization).at(draft.event_ns);
      return { entry: draft, organization };
    } catch (error) {
      if (error instanceof Refused) return { index, reason: error.message };
      throw error;
    }
  }

  /** Gives the entries of an organization their instants. */
  spreaderOf(organization: string): InstantSpreader {
    let spreader = this.#spreaders.get(organization);
    if (spreader === undefined) {
      spreader = new InstantSpreader();
      this.#spreaders.set(organization, spreader);
    }
    return spreader;
  }

  #draftOf(raw: object, index: number): { readonly draft: Draft; readonly given: string | undefined } {
    let instant = this.now;
    let level: LogLevel = 'INFO';
    let message: string | undefined;
    let given: string | undefined;
    const draft: Draft = {
      id: this.#idOf(index),
      timestamp_ns: '',
      event_ns: '',
      level,
      message: '',
      service: '',
    };
    let fields: Fields | undefined;
    const free: [string, JsonValue][] = [];
    for (const key in raw) {
      const value: unknown = raw[key as keyof typeof raw];
      if (value === null || value === undefined) continue;
      if (key === 'message') message = this.#messageOf(value);
      else if (key === 'timestamp') instant = this.#instantOf(value);
      else if (key === 'level') level = levelOf(value) ?? refuse('level', 'is no level');
      else if (isName.has(key)) draft[key as (typeof names)[number]] = textOf(key, value, nameLength);
      else if (isId.has(key)) draft[key as (typeof ids)[number]] = textOf(key, value, idLength);
      else if (key === 'tags') draft.tags = tagsOf(value);
      else if (key === 'fields' || key === 'metadata') fields = joined(fields, objectOf(key, value));
      else if (key === 'organizationId') given = organizationIn(value);
      else free.push([key, value as JsonValue]);
    }
    if (message === undefined) throw new Refused('message: is missing');
    draft.message = message;
    draft.level = level;
    draft.event_ns = instant.ns;
    if (draft.service === '') draft.service = draft.source ?? 'unknown';
    if (free.length > 0) fields = joined(fields, Object.fromEntries(free));
    if (fields !== undefined) draft.fields = this.#fieldsOf(fields);
    return { draft, given };
  }

  #messageOf(value: unknown): string {
    if (typeof value !== 'string' || value === '')
      return refuse('message', 'must be a text that is not empty');
    const { messageBytes } = this.#limits;
    // No text has more bytes than three a character: only those that might be too long are counted.
    if (value.length * 3 > messageBytes && Buffer.byteLength(value) > messageBytes) {
      return refuse('message', `is longer than ${messageBytes} bytes`);
    }
    return value.isWellFormed() ? value : value.toWellFormed();
  }

  isTimely({ ms }: Instant): boolean {
    return ms >= this.#oldest && ms <= this.#newest;
  }

  #instantOf(value: unknown): Instant {
    const instant = instantOf(value) ?? refuse('timestamp', 'is no time');
    if (this.isTimely(instant)) return instant;
    if (instant.ms < this.#oldest) refuse('timestamp', `is older than ${this.#limits.maxAgeHours} hours`);
    return refuse('timestamp', `is more than ${this.#limits.maxAheadSeconds} s ahead`);
  }

  #fieldsOf(fields: Fields): Fields {
    const { nesting, fieldsBytes } = this.#limits;
    const weight = weighed(fields, nesting);
    if (weight === undefined) return refuse('fields', `are nested deeper than ${nesting}`);
    // Characters are weighed, which have up to six bytes in JSON: only what might be too large is written out.
    const tooLarge =
      weight > fieldsBytes ||
      (weight * 6 > fieldsBytes && Buffer.byteLength(JSON.stringify(fields)) > fieldsBytes);
    return tooLarge ? refuse('fields', `are larger than ${fieldsBytes} bytes`) : fields;
  }
}

function refuse(field: string, why: string): never {
  throw new Refused(`${field}: ${why}`);
}

function textOf(field: string, value: unknown, longest: number): string {
  if (typeof value !== 'string' || value === '') return refuse(field, 'must be a text that is not empty');
  if (value.length > longest) return refuse(field, `is longer than ${longest} characters`);
  if (control.test(value)) return refuse(field, 'has control characters');
  return value.isWellFormed() ? value : value.toWellFormed();
}

function organizationIn(value: unknown): string {
  return typeof value === 'string' && organizationPattern.test(value)
    ? value
    : refuse('organizationId', 'is no organization');
}

function objectOf(field: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(field, 'must be an object');
  }
  return value as Fields;
}

/** By entries, so that a member called __proto__ is one like all others. */
const joined = (some: Fields | undefined, more: Fields): Fields =>
  some === undefined ? more : Object.fromEntries([...Object.entries(some), ...Object.entries(more)]);

function tagsOf(value: unknown): Readonly<Record<string, string>> {
  const given = objectOf('tags', value);
  const tags: [string, string][] = [];
  let changed = false;
  for (const name in given) {
    const tag = given[name];
    if (!tagName.test(name)) refuse('tags', 'have a name that is none');
    if (typeof tag !== 'string' && typeof tag !== 'number' && typeof tag !== 'boolean') {
      refuse('tags', 'must be texts, numbers or booleans');
    }
    const text = String(tag);
    if (text.length > tagLength) refuse('tags', `are longer than ${tagLength} characters`);
    changed ||= text !== tag || !text.isWellFormed();
    tags.push([name, text.toWellFormed()]);
  }
  if (tags.length > 50) refuse('tags', 'are more than 50');
  return changed ? Object.fromEntries(tags) : (given as Readonly<Record<string, string>>);
}
