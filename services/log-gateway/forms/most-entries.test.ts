import { expect, it } from 'vitest';
import { encodePush } from '../../pipeline/loki/push-proto.ts';
import { batchFromJson, fromJson, fromNdjson } from './json.ts';
import { fromLokiJson, fromLokiProtobuf } from './loki.ts';
import { fromOtlpJson, fromOtlpProtobuf } from './otlp/decode.ts';
import { encodeOtlp } from './otlp/proto.ts';

const most = 10;
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const entry = { message: 'a, "b", [c], \\', fields: { list: [1, 2, 3] } };
const push = (count: number) => ({ streams: [{ stream: { a: 'b' }, values: times(count, ['1', 'a,b']) }] });
const otlp = (count: number) => ({ resourceLogs: [{ scopeLogs: [{ logRecords: times(count, {}) }] }] });
const lokiProtobuf = (count: number) =>
  encodePush([
    {
      labels: '{a="b"}',
      entries: times(count, { timestamp: { seconds: 1, nanos: 1 }, line: 'x', structuredMetadata: [] }),
    },
  ]);

it.each([
  ['an array', (count: number) => fromJson(bytes(times(count, entry)), most)],
  ['{logs}', (count: number) => fromJson(bytes({ logs: times(count, entry) }), most)],
  ['a batch', (count: number) => batchFromJson(bytes({ logs: times(count, entry) }), most).raws],
  ['NDJSON', (count: number) => fromNdjson(Buffer.from('{}\n\n'.repeat(count)), most)],
  ['a push of Loki', (count: number) => fromLokiJson(bytes(push(count)), most)],
  ['a push of Loki in protobuf', (count: number) => fromLokiProtobuf(lokiProtobuf(count), most)],
  ['OTLP', (count: number) => fromOtlpJson(bytes(otlp(count)), most)],
  ['OTLP in protobuf', (count: number) => fromOtlpProtobuf(encodeOtlp(otlp(count)), most)],
])('%s may have as many entries as the limit, and not one more', (_, decoded) => {
  expect(decoded(most)).toHaveLength(most);
  expect(() => decoded(most + 1)).toThrow(/at most 10 entries/);
});

it.each([
  ['resources without end', { resourceLogs: times(most + 1, {}) }],
  ['scopes without end', { resourceLogs: [{ scopeLogs: times(most + 1, {}) }] }],
])('%s count, too', (_, given) => {
  expect(() => fromOtlpJson(bytes(given), most)).toThrow(/at most 10 entries/);
  expect(() => fromOtlpProtobuf(encodeOtlp(given), most)).toThrow(/at most 10 entries/);
});

it('half a million empty records are refused before anything is made of them', () => {
  const [record, scope] = [Buffer.from([0x12, 0]), (size: number) => lengthOf(size)];
  const records = Buffer.alloc(1_000_000, record);
  const scopes = Buffer.concat([Buffer.from([0x12]), scope(records.length), records]);
  const body = Buffer.concat([Buffer.from([0x0a]), scope(scopes.length), scopes]);
  const before = process.memoryUsage().heapUsed;
  expect(() => fromOtlpProtobuf(body, 50_000)).toThrow(/at most 50000 entries/);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
});

/** A length as protobuf writes it. */
function lengthOf(size: number): Buffer {
  const parts: number[] = [];
  let rest = size;
  for (; rest > 127; rest = Math.floor(rest / 128)) parts.push((rest % 128) + 128);
  return Buffer.from([...parts, rest]);
}
