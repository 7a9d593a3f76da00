import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromOtlpProtobuf } from './decode.ts';
import { otlpAsJson } from './json-list.ts';
import { encodeOtlp } from './proto.ts';

/** What `fromOtlpProtobuf` makes of it, as far as JSON can say it. */
function whole(body: Buffer): unknown {
  try {
    return JSON.parse(JSON.stringify(fromOtlpProtobuf(body, 10_000)));
  } catch (error) {
    return String(error);
  }
}

function plainly(body: Buffer): unknown {
  const list = otlpAsJson(body);
  // What is none of these is read whole.
  const isPlain = list !== undefined && list.length > '[]'.length && isUtf8(list);
  return isPlain ? JSON.parse(list.toString()) : undefined;
}

const encoded = (request: object): Buffer => Buffer.from(encodeOtlp(request));
const ofRecords = (...logRecords: readonly object[]): Buffer =>
  encoded({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    '"',
    '\\',
    '\n',
    '\u0000',
    '\u001f',
    '\u007f',
    'é✓😀',
    '\u2028',
    '__proto__',
    '12',
    'id',
  ),
);
const scalar = fc.oneof(
  text.map((stringValue) => ({ stringValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ intValue: String(value) })),
  fc.integer().map((value) => ({ intValue: String(value) })),
  fc.double().map((doubleValue) => ({ doubleValue })),
);
const value = fc.oneof(
  { weight: 100, arbitrary: scalar },
  fc.constant({}),
  fc.array(scalar, { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
  fc.constant({ kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } }),
  fc.uint8Array({ maxLength: 4 }).map((given) => ({ bytesValue: Buffer.from(given).toString('base64') })),
);
/** JSON.parse of Node 24 takes such a name for a backslash at times: `{"id":0,"\\n":0}`, some hundreds of objects later. */
const isMisread = (name: string): boolean => name.length === 1 && JSON.stringify(name).length > 3;
const key = fc.oneof(
  text.filter((name) => !isMisread(name)),
  fc.constantFrom('service.name', 'host.name', 'a', 'b'),
);
const attributesOf = (values: fc.Arbitrary<object>) =>
  fc.array(fc.record({ key, value: values }), { maxLength: 4 });
const now = BigInt(Date.now()) * 1_000_000n;
const instant = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.bigInt({ min: -2_000_000_000n, max: 2_000_000_000n }).map((offset) => String(now + offset)),
  },
  fc.constantFrom('0', '0', '5', '18446744073709551615'),
);
const id = fc.constantFrom(0, 1, 8, 16).map((size) => Buffer.alloc(size, 0xa7).toString('base64'));
const recordOf = (values: fc.Arbitrary<object>) =>
  fc.record(
    {
      timeUnixNano: instant,
      observedTimeUnixNano: instant,
      severityNumber: fc.integer({ min: -1, max: 25 }),
      severityText: fc.constantFrom('', 'INFO', 'warn', 'Error', 'loud', 'é'),
      body: fc.oneof({ weight: 20, arbitrary: text.map((stringValue) => ({ stringValue })) }, values),
      attributes: attributesOf(values),
      traceId: id,
      spanId: id,
    },
    { requiredKeys: [] },
  );
const requestOf = (values: fc.Arbitrary<object>) =>
  fc
    .array(
      fc.record(
        {
          resource: fc.record({ attributes: attributesOf(value) }, { requiredKeys: [] }),
          scopeLogs: fc.array(
            fc.record(
              {
                scope: fc.record({ name: text }, { requiredKeys: [] }),
                logRecords: fc.array(recordOf(values), { maxLength: 3 }),
              },
              { requiredKeys: [] },
            ),
            { maxLength: 2 },
          ),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    )
    .map((resourceLogs) => encoded({ resourceLogs }));

it('gives the entries that are made of the same body whole, or none', () => {
  let given = 0;
  fc.assert(
    fc.property(requestOf(value), (body) => {
      const list = plainly(body);
      if (list === undefined) return;
      given += 1;
      expect(list).toEqual(whole(body));
    }),
    { numRuns: 3000 },
  );
  expect(given).toBeGreaterThan(500);
});

it('gives no entries that the same bytes are not whole, when some are missing, or others than they should be', () => {
  const changed = fc.tuple(requestOf(scalar), fc.nat(), fc.nat(3), fc.uint8Array({ maxLength: 3 }));
  fc.assert(
    fc.property(changed, ([body, at, removed, added]) => {
      const place = at % (body.length + 1);
      const other = Buffer.concat([body.subarray(0, place), added, body.subarray(place + removed)]);
      const list = plainly(other);
      if (list !== undefined) expect(list).toEqual(whole(other));
    }),
    { numRuns: 4000 },
  );
});

const record = { timeUnixNano: String(now), body: { stringValue: 'paid' } };
const attribute = (given: object) => ({ ...record, attributes: [{ key: 'a', value: given }] });

it.each([
  ['a text', { stringValue: 'a "b" \\ \n é' }],
  ['a number', { intValue: '7' }],
  ['a number below zero', { intValue: '-7' }],
  ['a number that a double would change', { intValue: '9007199254740993' }],
  ['a fraction', { doubleValue: 0.1 }],
  ['no number', { doubleValue: Number.NaN }],
  ['a truth', { boolValue: false }],
  ['nothing', {}],
])('%s as an attribute is plain', (_, given) => {
  const body = ofRecords(attribute(given));
  expect(plainly(body)).toEqual(whole(body));
});

it.each([
  ['a list', { arrayValue: { values: [{ intValue: '1' }] } }],
  ['members', { kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } }],
  ['bytes', { bytesValue: 'AAAA' }],
])('%s as an attribute is left to what reads the body whole', (_, given) => {
  expect(plainly(ofRecords(attribute(given)))).toBeUndefined();
});

it('what the resource is made of may be anything, and counts for all of its records', () => {
  const attributes = [
    { key: 'service.name', value: { stringValue: 'größer' } },
    { key: 'host.name', value: { stringValue: 'web-1' } },
    { key: 'process.command_args', value: { arrayValue: { values: [{ stringValue: 'node' }] } } },
  ];
  const body = encoded({
    resourceLogs: [
      { resource: { attributes }, scopeLogs: [{ scope: { name: 'app' }, logRecords: [record, record] }] },
    ],
  });
  const entry = {
    ...{ timestamp: String(now), level: 'INFO', message: 'paid', service: 'größer', host: 'web-1' },
    ...{ logger: 'app', fields: { 'process.command_args': ['node'] } },
  };
  expect(plainly(body)).toEqual([entry, entry]);
});

it('a resource behind its records is left to what reads the body whole', () => {
  const behind = Buffer.concat([
    ofRecords(record).subarray(2),
    // ResourceLogs.resource, empty.
    Buffer.from([0x0a, 0x00]),
  ]);
  const body = Buffer.concat([Buffer.from([0x0a, behind.length]), behind]);
  expect(whole(body)).toMatchObject([{ message: 'paid' }]);
  expect(plainly(body)).toBeUndefined();
});

it('a resource of which many objects would be made is left to what counts them before', () => {
  const ofTexts = (count: number): Buffer =>
    encoded({
      resourceLogs: [
        {
          resource: {
            attributes: [
              {
                key: 'a',
                value: {
                  arrayValue: { values: Array.from({ length: count }, () => ({ stringValue: 'x' })) },
                },
              },
            ],
          },
          scopeLogs: [{ logRecords: [record] }],
        },
      ],
    });
  expect(plainly(ofTexts(3000))).toEqual(whole(ofTexts(3000)));
  expect(plainly(ofTexts(4000))).toBeUndefined();
});

it('a list that is longer than it may be is none', () => {
  const body = ofRecords(...Array.from({ length: 40_000 }, () => record));
  expect(otlpAsJson(body)).toBeUndefined();
  expect(plainly(ofRecords(record))).toHaveLength(1);
});
