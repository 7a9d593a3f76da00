import { isUtf8 } from 'node:buffer';
import type { Span } from '../../intake/plain/spans.ts';
import { weighed } from '../../intake/weight.ts';
import { aboutResource } from './decode.ts';
import { JsonWriter } from './json-writer.ts';
import { Records, type Shared } from './record.ts';
import { isThere, notPlain, span, tagOf, Wire } from './wire.ts';

/** Fields of the request, `ResourceLogs`, `ScopeLogs` and `Scope` in `logs_service.proto`. */
const tags = {
  resourceLogs: tagOf(1, 'bytes'),
  resource: tagOf(1, 'bytes'),
  scopeLogs: tagOf(2, 'bytes'),
  scope: tagOf(1, 'bytes'),
  records: tagOf(2, 'bytes'),
  name: tagOf(1, 'bytes'),
} as const;
const lastOf = { request: 1, resourceLogs: 2, scopeLogs: 2, scope: 1 } as const;
/** Attributes of a resource that are nested deeper are left to what reads a body whole. */
const resourceLevels = 20;
/** And so are larger ones: objects are made of them, and it counts values before that. */
const resourceBytes = 16 * 1024;

/** Of the list; more is left to what reads a body whole. */
const mostBytes = 2 * 1024 * 1024;
let writer: JsonWriter | undefined;

/**
 * The entries of an export request as a list in JSON, in memory that the next call takes. It gives the same entries as
 * `fromOtlpProtobuf`, without making objects of them (docs/decisions/0024).
 * @returns undefined where it is longer, not plain or not good: then `fromOtlpProtobuf` says what it is
 */
export function otlpAsJson(body: Buffer): Buffer | undefined {
  writer ??= new JsonWriter(mostBytes);
  writer.clear();
  try {
    new JsonList(new Wire(body), writer).write();
    return writer.written;
  } catch {
    // Whatever is wrong with it: it is read once more, whole, by what has words for that.
    return undefined;
  }
}

class JsonList {
  readonly #wire: Wire;
  readonly #json: JsonWriter;
  readonly #records: Records;

  constructor(wire: Wire, json: JsonWriter) {
    this.#wire = wire;
    this.#json = json;
    this.#records = new Records(wire, json);
  }

  write(): void {
    const wire = this.#wire;
    this.#json.ascii('[');
    wire.each(wire.reader.len, (tag, end) => {
      if (tag === tags.resourceLogs) this.#resourceLogs(wire.end(end));
      else wire.skip(tag, lastOf.request);
    });
    this.#json.ascii(']');
  }

  #resourceLogs(end: number): void {
    const wire = this.#wire;
    const resource = span();
    let shared: Shared | undefined;
    wire.each(end, (tag) => {
      if (tag === tags.resource) {
        // Behind its records it would still count for them.
        if (shared !== undefined) throw notPlain;
        wire.note(resource, end);
      } else if (tag === tags.scopeLogs) {
        shared ??= sharedOf(wire.body, resource);
        this.#scopeLogs(wire.end(end), shared);
      } else wire.skip(tag, lastOf.resourceLogs);
    });
    // Also where no record has it, it must be one.
    if (isThere(resource)) shared ??= sharedOf(wire.body, resource);
  }

  #scopeLogs(end: number, shared: Shared): void {
    const wire = this.#wire;
    const [scope, name] = [span(), span()];
    let hasRecords = false;
    wire.each(end, (tag) => {
      if (tag === tags.records) {
        hasRecords = true;
        this.#records.take(wire.end(end), shared, name);
      } else if (tag === tags.scope) {
        if (hasRecords) throw notPlain;
        wire.note(scope, end);
        this.#scopeName(scope, name);
      } else wire.skip(tag, lastOf.scopeLogs);
    });
  }

  #scopeName({ start, end }: Span, name: Span): void {
    const wire = this.#wire;
    wire.reader.pos = start;
    wire.each(end, (tag) => {
      if (tag === tags.name) wire.note(name, end);
      else wire.skip(tag, lastOf.scope);
    });
    // Also where no record has it.
    if (!isUtf8(wire.body.subarray(Math.max(0, name.start), Math.max(0, name.end)))) throw notPlain;
  }
}

function sharedOf(body: Buffer, resource: Span): Shared {
  const bytes = isThere(resource) ? body.subarray(resource.start, resource.end) : body.subarray(0, 0);
  if (bytes.length > resourceBytes) throw notPlain;
  const { service, host, fields } = aboutResource(bytes);
  if (weighed(fields, resourceLevels) === undefined) throw notPlain;
  const members = Object.entries({ service, host })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `"${name}":${JSON.stringify(value)},`)
    .join('');
  return { members: Buffer.from(members), fields: Buffer.from(JSON.stringify(fields).slice(1, -1)) };
}
