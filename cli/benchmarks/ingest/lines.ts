import { compressSync } from 'snappy';
import { uncompressed } from '../../../services/kit/snappy.ts';
import { encodeOtlp } from '../../../services/log-gateway/forms/otlp/proto.ts';
import { requestOf } from '../../../services/log-ingestor/outgoing.ts';
import { ingested } from '../../../services/log-ingestor/testing/ingested.ts';

const host = 'web-1';

/** An entry of about 200 bytes, the same by every way. */
const entryOf = (index: number) => ({
  timestamp: new Date().toISOString(),
  level: 'INFO' as const,
  service: `shop-${index % 5}`,
  host,
  message: `order ${index} was paid with card 4 of customer ${index * 7} in 12 ms`,
  fields: { order: index, currency: 'EUR' },
});

const bodiesMade = 20;

/** Gives the body of the next request; made before the clock starts, as far as that can be. */
export type NextBody = () => Buffer;

export function gatewayBodies(size: number): NextBody {
  const bodies = Array.from({ length: bodiesMade }, (_, body) =>
    Buffer.from(JSON.stringify(Array.from({ length: size }, (_, index) => entryOf(body * size + index)))),
  );
  let next = 0;
  return () => {
    next = (next + 1) % bodies.length;
    return bodies[next] ?? Buffer.alloc(0);
  };
}

/** Instants that no two lines share: a request after the other, each with so many lines. */
class Instants {
  #request = 0;

  /** Milliseconds since the epoch, and the first of a thousand numbers within the millisecond, below 700,000. */
  next(): { readonly ms: number; readonly first: number } {
    this.#request = (this.#request + 1) % 700;
    return { ms: Date.now(), first: this.#request * 1000 };
  }
}

/** Such numbers take five bytes as a varint, so that they can be written over each other. */
const fiveBytes = 2 ** 28;
const linesMost = 1000;

/** The first digits of an id, which are another for each request. */
const idDigits = 8;

/**
 * Loki's push API as the ingestor uses it, the same streams included, and the time of the sender beside each line, as it is
 * beside those that the gateway is sent as JSON. Only what no two requests share is written anew for each, instants and
 * ids, and snappy runs.
 */
export function pushBodies(size: number): NextBody {
  if (size > linesMost) throw new RangeError(`at most ${linesMost} lines a push`);
  const seconds = Math.floor(Date.now() / 1000);
  const idOf = (index: number): string => `00000000-0000-8000-8000-${String(index).padStart(12, '0')}`;
  const entries = Array.from({ length: size }, (_, index) => {
    const ns = `${seconds}${String(fiveBytes + index).padStart(9, '0')}`;
    return { ...entryOf(index), index, id: idOf(index), timestamp_ns: ns, event_ns: `${seconds}000000000` };
  });
  const template = uncompressed(requestOf(ingested('direct')(entries)).body);
  let from = 0;
  const find = (wanted: Buffer): number => {
    from = template.indexOf(wanted, from);
    if (from === -1) throw new Error('what is written anew is not where it was written');
    return from++;
  };
  const inTheirOrder = [...Map.groupBy(entries, ({ service }) => service).values()].flat();
  const places = inTheirOrder.map(({ index, id }) => {
    const instant = find(Buffer.from([0x08, ...varint(seconds), 0x10, ...varint(fiveBytes + index)]));
    return { index, instant, ids: [find(Buffer.from(id)), find(Buffer.from(id))] };
  });
  const instants = new Instants();
  let request = 0;
  return () => {
    const { ms, first } = instants.next();
    const second = varint(Math.floor(ms / 1000));
    const nanos = fiveBytes + (ms % 1000) * 700_000 + first;
    request += 1;
    const digits = Buffer.from(request.toString(16).padStart(idDigits, '0'));
    for (const { index, instant, ids } of places) {
      template.set(second, instant + 1);
      template.set(varint(nanos + index), instant + 7);
      for (const id of ids) template.set(digits, id);
    }
    return compressSync(template);
  };
}

function varint(value: number): readonly number[] {
  const bytes = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

/** The same lines as OpenTelemetry sends logs: OTLP in protobuf, a resource for each service. */
export function otlpBodies(size: number): NextBody {
  const base = BigInt(Date.now()) * 1_000_000n;
  const entries = Array.from({ length: size }, (_, index) => entryOf(index));
  let index = 0;
  const resourceLogs = [...Map.groupBy(entries, ({ service }) => service)].map(([service, ofService]) => ({
    resource: { attributes: [text('service.name', service), text('host.name', host)] },
    scopeLogs: [{ logRecords: ofService.map((entry) => recordOf(entry, base + BigInt(index++))) }],
  }));
  const template = Buffer.from(encodeOtlp({ resourceLogs }));
  const places: number[] = [];
  const wanted = Buffer.alloc(9);
  wanted[0] = 0x09;
  for (let record = 0, from = 0; record < size; record += 1) {
    wanted.writeBigUInt64LE(base + BigInt(record), 1);
    const place = template.indexOf(wanted, from);
    if (place === -1) throw new Error('an instant is not where it was written');
    places.push(place + 1);
    from = place;
  }
  const instants = new Instants();
  return () => {
    const { ms, first } = instants.next();
    const body = Buffer.from(template);
    const start = BigInt(ms) * 1_000_000n + BigInt(first);
    places.forEach((place, record) => {
      body.writeBigUInt64LE(start + BigInt(record), place);
    });
    return body;
  };
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const recordOf = ({ message, level, fields }: ReturnType<typeof entryOf>, timeUnixNano: bigint) => ({
  timeUnixNano: String(timeUnixNano),
  severityNumber: 9,
  severityText: level,
  body: { stringValue: message },
  attributes: [
    { key: 'order', value: { intValue: String(fields.order) } },
    text('currency', fields.currency),
  ],
});
