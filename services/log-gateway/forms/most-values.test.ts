import { expect, it } from 'vitest';
import { encodePush } from '../../pipeline/loki/push-proto.ts';
import { batchFromJson, fromJson, fromNdjson, oneFromJson } from './json.ts';
import { fromLokiJson, fromLokiProtobuf } from './loki.ts';
import { fromOtlpJson, fromOtlpProtobuf } from './otlp/decode.ts';
import { encodeOtlp } from './otlp/proto.ts';

const most = 50_000;
/** Twenty for each entry that a request may have. */
const mostValues = 1_000_000;
const over = mostValues + 1;
const text = (start: string, one: string, end: string) =>
  Buffer.from(`${start}${`${one},`.repeat(over)}${one}${end}`);

const lengthOf = (size: number): Buffer => {
  const parts: number[] = [];
  let rest = size;
  for (; rest > 127; rest = Math.floor(rest / 128)) parts.push((rest % 128) + 128);
  return Buffer.from([...parts, rest]);
};
/** A field of protobuf that is a message, a text or bytes. */
const field = (number: number, inner: Buffer): Buffer =>
  Buffer.concat([Buffer.from([number * 8 + 2]), lengthOf(inner.length), inner]);
const within = (path: readonly number[], inner: Buffer): Buffer =>
  path.reduceRight((body, number) => field(number, body), inner);
const empty = (number: number) => Buffer.alloc(over * 2, Buffer.from([number * 8 + 2, 0]));

const oneStream = { labels: '{a="b"}', structuredMetadata: [] };
const bodies: readonly (readonly [string, () => unknown])[] = [
  ['fields in an array', () => fromJson(text('[{"message":"m","fields":{"a":[', '{}', ']}}]'), most)],
  ['fields of one', () => oneFromJson(text('{"message":"m","fields":{"a":[', '[]', ']}}'), most)],
  ['fields in a batch', () => batchFromJson(text('{"logs":[{"fields":[', '""', ']}]}'), most)],
  ['fields in NDJSON', () => fromNdjson(text('{"message":"m","fields":{"a":[', '0', ']}}\n'), most)],
  [
    'values of Loki',
    () => fromLokiJson(text('{"streams":[{"stream":{"a":[', '{}', ']},"values":[]}]}'), most),
  ],
  [
    'values of OTLP',
    () => fromOtlpJson(text('{"resourceLogs":[{"resource":{"attributes":[', '{}', ']}}]}'), most),
  ],
  ['metadata of Loki in protobuf', () => fromLokiProtobuf(within([1, 2], empty(3)), most)],
  ['attributes of OTLP in protobuf', () => fromOtlpProtobuf(within([1, 2, 2], empty(6)), most)],
  ['resource of OTLP in protobuf', () => fromOtlpProtobuf(within([1, 1], empty(1)), most)],
  ['a list of OTLP in protobuf', () => fromOtlpProtobuf(within([1, 2, 2, 5, 5], empty(1)), most)],
  [
    'a list of lists in OTLP’s protobuf',
    () => fromOtlpProtobuf(within([1, 2, 2, 6, 2, 5, 1, 6], empty(1)), most),
  ],
];

it.each(bodies)('%s that have no end are refused before anything is made of them', (_, decode) => {
  const before = process.memoryUsage().heapUsed;
  expect(decode).toThrow(/at most 1000000 values/);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(40_000_000);
});

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const labels = Object.fromEntries(many(2000, (n) => [`l${n}`, 'v']));
const labelText = `{${Object.keys(labels)
  .map((name) => `${name}="v"`)
  .join(',')}}`;
const entries = many(20_000, () => ({
  timestamp: { seconds: 1, nanos: 1 },
  line: 'x',
  structuredMetadata: [],
}));
const otlp = {
  resourceLogs: [
    {
      resource: { attributes: many(2000, (n) => ({ key: `k${n}`, value: { stringValue: 'v' } })) },
      scopeLogs: [{ logRecords: many(20_000, () => ({})) }],
    },
  ],
};

it.each([
  [
    'labels of a stream of Loki',
    () =>
      fromLokiJson(
        Buffer.from(
          JSON.stringify({ streams: [{ stream: labels, values: many(20_000, () => ['1', 'x']) }] }),
        ),
        most,
      ),
  ],
  [
    'the same in protobuf',
    () => fromLokiProtobuf(encodePush([{ ...oneStream, labels: labelText, entries }]), most),
  ],
  ['attributes of a resource of OTLP', () => fromOtlpJson(Buffer.from(JSON.stringify(otlp)), most)],
  ['the same in OTLP’s protobuf', () => fromOtlpProtobuf(encodeOtlp(otlp), most)],
])('%s count once for each of its entries', (_, decode) => {
  const before = process.memoryUsage().heapUsed;
  expect(decode).toThrow(/at most 1000000 values/);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
});

it('labels in a text count, too', () => {
  const text = `{${'a="b",'.repeat(over)}}`;
  expect(() => fromLokiProtobuf(encodePush([{ ...oneStream, labels: text, entries: [] }]), most)).toThrow(
    /at most 1000000 values/,
  );
});

it('what stands in texts does not count, and a line that is no JSON hides nothing of the next', () => {
  const message = '[{,}]"'.repeat(300_000);
  expect(fromJson(Buffer.from(JSON.stringify([{ message }])), most)).toHaveLength(1);
  expect(fromNdjson(Buffer.from(`${JSON.stringify({ message })}\n"{`), most)).toHaveLength(2);
  expect(() => fromNdjson(Buffer.concat([Buffer.from('{"a":"\n'), text('{"a":[', '0', ']}')]), most)).toThrow(
    /at most 1000000 values/,
  );
});
