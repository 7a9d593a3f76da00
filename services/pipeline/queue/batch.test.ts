import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdmittedEntry } from '../entry.ts';
import { decodePush, encodePush } from '../loki/push-proto.ts';
import { batchOf, entriesOf, streamsOf } from './batch.ts';
import { BatchEncoder } from './batch-encoder.ts';

const entry = (message: string, more: Partial<AdmittedEntry> = {}): AdmittedEntry => ({
  ...{ id: `id of ${message}`, timestamp_ns: '1700000000123456790', event_ns: '1700000000123456789' },
  ...{ level: 'INFO', message, service: 'shop' },
  ...more,
});
const bodyOf = (...entries: readonly AdmittedEntry[]): Buffer => Buffer.from(batchOf('acme', entries).body);
/** How many entries each stream has. */
const countsOf = (batch: Parameters<typeof streamsOf>[0]) =>
  streamsOf(batch).map(({ entries }) => entries.count);

describe('the body of a batch', () => {
  it('is a push to Loki whose labels are still to be chosen', () => {
    const tags = { region: 'eu' };
    const body = bodyOf(entry('one', { request_id: 'r-1' }), entry('✓', { tags }), entry('two'));
    const streams = decodePush(body);
    expect(streams.map(({ labels, entries }) => [JSON.parse(labels), entries.length])).toEqual([
      [{ service: 'shop', level: 'INFO' }, 2],
      [{ service: 'shop', level: 'INFO', tags }, 1],
    ]);
    expect(streams[0]?.entries[0]).toEqual({
      timestamp: { seconds: 1_700_000_000, nanos: 123_456_790 },
      line: expect.stringContaining('"message":"one"'),
      structuredMetadata: [
        { name: 'id', value: 'id of one' },
        { name: 'event_ns', value: '1700000000123456789' },
        { name: 'request_id', value: 'r-1' },
      ],
    });
    // By the library, which knows nothing of ours: the same bytes.
    expect(Buffer.compare(body, encodePush(streams))).toBe(0);
  });

  it('has the time of its sender beside an entry only where it is another than the entry’s', () => {
    const own = { timestamp_ns: '1700000000123456789' };
    const body = bodyOf(entry('one', own), entry('two'));
    const times = decodePush(body)[0]?.entries.map(({ structuredMetadata }) =>
      structuredMetadata.filter(({ name }) => name === 'event_ns').map(({ value }) => value),
    );
    expect(times).toEqual([[], ['1700000000123456789']]);
    const read = entriesOf({ body, count: 2 });
    expect(read.map(({ event_ns }) => event_ns)).toEqual(Array(2).fill('1700000000123456789'));
  });

  it('takes little memory for each of many streams', () => {
    const entries = Array.from({ length: 5000 }, (_, index) => entry('m', { service: `service-${index}` }));
    const before = process.memoryUsage().arrayBuffers;
    const encoder = new BatchEncoder();
    for (const one of entries) encoder.add(one);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5000 * 4096);
    const batch = encoder.batch('acme', undefined);
    expect(streamsOf(batch)).toHaveLength(5000);
  });

  it('says of every entry what was admitted, whatever is in it', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
    const ns = fc.bigInt({ min: 1_600_000_000_000_000_000n, max: 2_000_000_000_999_999_999n }).map(String);
    const optional = fc.option(text, { nil: undefined });
    const given = fc.record({
      ...{ id: fc.uuid(), timestamp_ns: ns, event_ns: ns, level: fc.constantFrom('INFO', 'ERROR') },
      ...{ message: text, service: fc.constantFrom('shop', 'ta b', 'é"') },
      ...{ source: optional, host: optional, logger: optional, user_id: optional, trace_id: optional },
      tags: fc.option(fc.dictionary(fc.constantFrom('region', 'id', 'a.b'), text), { nil: undefined }),
      fields: fc.option(
        fc.dictionary(
          fc.oneof(text, fc.constantFrom('level', 'field_level', '__proto__', 'host')),
          fc.jsonValue(),
          { minKeys: 1 },
        ),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(fc.array(given, { maxLength: 8 }), (drafts) => {
        const entries = drafts.map((draft) => JSON.parse(JSON.stringify(draft)) as AdmittedEntry);
        const read = entriesOf(batchOf('acme', entries));
        const order = ({ id }: AdmittedEntry): string => id;
        expect(read.toSorted((a, b) => order(a).localeCompare(order(b)))).toEqual(
          entries.toSorted((a, b) => order(a).localeCompare(order(b))),
        );
      }),
    );
  });

  it('keeps the order of the entries of a stream', () => {
    const entries = Array.from({ length: 300 }, (_, index) =>
      entry(`${index}`, { service: `shop-${index % 7}` }),
    );
    const read = entriesOf(batchOf('acme', entries));
    expect(read).toEqual([...Map.groupBy(entries, ({ service }) => service).values()].flat());
  });

  it('is read when an earlier version wrote it', () => {
    const entries = [entry('one'), entry('two', { level: 'ERROR' }), entry('three')];
    const body = Buffer.from(JSON.stringify(entries));
    expect(entriesOf({ body, count: 3 }).map(({ message }) => message)).toEqual(['one', 'three', 'two']);
    expect(countsOf({ body, count: 3 })).toEqual([2, 1]);
  });

  it('is refused when it is something else, or ends early', () => {
    const whole = bodyOf(entry('one'), entry('two', { service: 'till' }));
    for (let length = 0; length < whole.length; length += 1)
      expect(() => streamsOf({ body: whole.subarray(0, length), count: 2 }), `${length}`).toThrow();
    for (const text of ['no JSON', '[', '\n\u0003\n\u0001{', '\u0012\u0000'])
      expect(() => streamsOf({ body: Buffer.from(text), count: 1 })).toThrow();
  });

  it('is refused when it has other than the entries that are counted', () => {
    const body = bodyOf(entry('one'), entry('two'));
    expect(countsOf({ body, count: 2 })).toEqual([2]);
    expect(countsOf({ body: new Uint8Array(), count: 0 })).toEqual([]);
    for (const count of [0, 1, 3, Number.NaN])
      expect(() => streamsOf({ body, count })).toThrow(`has 2 entries, and ${count} are counted`);
    const earlier = Buffer.from(JSON.stringify([entry('one')]));
    expect(() => streamsOf({ body: earlier, count: 2 })).toThrow('has 1 entries, and 2 are counted');
  });
});

describe('entries that are passed on as they are', () => {
  const [stream] = streamsOf(batchOf('acme', [entry('one'), entry('two ✓'), entry('three')]));
  const messages = (entries = stream?.entries) =>
    entries?.decoded().map(({ line }) => JSON.parse(line).message);

  it('are divided', () => {
    expect(messages(stream?.entries.slice(1))).toEqual(['two ✓', 'three']);
    const middle = stream?.entries.slice(1).slice(0, 1);
    expect(messages(middle)).toEqual(['two ✓']);
    const size = stream?.entries.slice(0, 1).bytes.length ?? 0;
    expect([size - 1, size, 3 * size].map((bytes) => stream?.entries.countWithin(bytes))).toEqual([0, 1, 2]);
    expect(middle?.countWithin(3 * size)).toBe(1);
  });

  it('tell their instants and lines', () => {
    const told: [number, string][] = [];
    stream?.entries.slice(1).forEach((seconds, line) => {
      told.push([seconds, JSON.parse(line()).message]);
    });
    expect(told).toEqual([
      [1_700_000_000, 'two ✓'],
      [1_700_000_000, 'three'],
    ]);
  });

  it('get more metadata behind what they have', () => {
    const more = [{ name: 'region', value: 'x'.repeat(300) }];
    const entries = stream?.entries.with(more).decoded() ?? [];
    expect(entries.map(({ structuredMetadata }) => structuredMetadata.slice(2))).toEqual([more, more, more]);
    expect(entries.map(({ line }) => line)).toEqual(stream?.entries.decoded().map(({ line }) => line));
  });
});
