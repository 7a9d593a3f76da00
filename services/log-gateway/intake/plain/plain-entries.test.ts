import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { entriesOf } from '../../../pipeline/queue/batch.ts';
import { type Judged, judged } from '../judge.ts';

const limits = {
  ...{ messageBytes: 60, fieldsBytes: 2000, nesting: 3, maxAgeHours: 24, maxAheadSeconds: 600 },
  entriesPerRequest: 50,
};
const now = Date.now();
const iso = (ms: number): string => JSON.stringify(new Date(ms).toISOString());

beforeEach(() => {
  // Entries without a time get the present one.
  vi.spyOn(Date, 'now').mockReturnValue(now);
});

/** The same with every id's beginning the same, which is drawn by chance. */
const told = ({ idsStart, batches, ...rest }: Judged) => ({
  ...rest,
  batches: batches.map(({ body, ...batch }) => ({
    ...batch,
    body: Buffer.from(body).toString('latin1').replaceAll(idsStart, 'x'.repeat(idsStart.length)),
  })),
});

function outcome(body: string | Buffer, organization: string | undefined = 'acme'): unknown {
  const caller = { id: 'key', organizations: ['acme', 'globex'] };
  const more = { idempotencyKey: undefined, traceparent: undefined };
  try {
    return told(judged({ form: 'json', body: Buffer.from(body), caller, organization, ...more }, limits));
  } catch (error) {
    return String(error);
  }
}

/** What is read as a list, byte by byte, and what is in an object, which JSON.parse reads. */
const both = (list: string): readonly [unknown, unknown] => [outcome(list), outcome(`{"logs":${list}}`)];

const texts = [
  '"plain"',
  '"é✓😀"',
  '"a\\"b\\\\c"',
  '"\\u0041"',
  '"\\/"',
  '"\\t\\n"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
];
const oddTexts = [
  '"\u007f"',
  '""',
  '" "',
  `"${'é'.repeat(31)}"`,
  `"${'x'.repeat(61)}"`,
  `"${'y'.repeat(201)}"`,
  '"\\x"',
];
const numbers = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1.50',
  '0.5',
  '-0.25',
  '1e5',
  '1E-7',
  '0.0001',
  '0.00001',
  '0.0000001',
];
const oddNumbers = [
  '01',
  '1.',
  '.5',
  '123456789012345',
  '1234567890123456',
  '0.1234567890123456',
  '-',
  '9007199254740993',
];
const nested = [
  '{}',
  '[]',
  '{"a":1}',
  '{"a":{"b":[1,"x"]}}',
  '[[[[1]]]]',
  '{"a": 1}',
  '[1, 2]',
  '{"b":1,"b":2}',
  '{"2":1,"1":2}',
];
const oddNested = [
  '{"a":[1,2,{"c":null}]}',
  '{"__proto__":1}',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  `["${'z'.repeat(300)}"]`,
];
const literals = ['true', 'false', 'null', 'nul', 'True'];
const times = [
  iso(now),
  iso(now + 1),
  iso(now - 3_600_000),
  iso(now - 90_000_000),
  String(now),
  `"${now}000001"`,
  `"${now}999999"`,
  '"0795364353254000000"',
  '"17953643532540000x0"',
  '"2026-13-01"',
  '1',
];
const levels = ['"INFO"', '"warn"', '"Error"', '30', '"loud"', '17'];
const names = [
  'a',
  'b',
  'é',
  'x y',
  '1',
  '',
  '__proto__',
  'id',
  'field_id',
  'event_ns',
  'field_x',
  'a\\"b',
  'tags',
  'organizationId',
];
const known = [
  'message',
  'timestamp',
  'level',
  'service',
  'source',
  'host',
  'logger',
  'request_id',
  'user_id',
  'span_id',
  'trace_id',
];

const value = fc.constantFrom(
  ...texts,
  ...oddTexts,
  ...numbers,
  ...oddNumbers,
  ...nested,
  ...oddNested,
  ...literals,
);
const usual = fc.constantFrom('"shop"', '"web 1"', ...texts.slice(0, 3));
const space = fc.constantFrom('', '', '', ' ', '\n\t');
const free = fc.tuple(fc.constantFrom(...names, ...known), fc.oneof({ weight: 3, arbitrary: usual }, value));
const member = (pair: fc.Arbitrary<readonly [string, string]>) =>
  fc.tuple(pair, space, space, space).map(([[name, text], a, b, c]) => `${a}"${name}"${b}:${c}${text}`);
const object = (members: fc.Arbitrary<readonly string[]>) =>
  fc.tuple(members, space).map(([all, end]) => `{${all.join(',')}${end}}`);
const fields = object(fc.array(member(free), { maxLength: 4 }));
const of = (name: string, values: fc.Arbitrary<string>) =>
  member(values.map((text) => [name, text] as const));
const entry = object(
  fc
    .tuple(
      of('message', fc.oneof({ weight: 5, arbitrary: usual }, value)),
      fc.option(of('timestamp', fc.constantFrom(iso(now), iso(now), ...times)), { nil: undefined }),
      fc.option(of('level', fc.constantFrom('"INFO"', ...levels)), { nil: undefined }),
      fc.option(of('fields', fields), { nil: undefined }),
      fc.array(
        member(fc.oneof(free, fc.tuple(fc.constantFrom(...known.slice(3), 'metadata', 'tags'), usual))),
        { maxLength: 4 },
      ),
    )
    .chain(([message, timestamp, level, own, more]) => {
      const all = [message, timestamp, level, own, ...more].filter((one) => one !== undefined);
      return fc.shuffledSubarray(all, { minLength: Math.max(0, all.length - 1) });
    }),
);
const list = fc
  .tuple(fc.array(fc.oneof({ weight: 8, arbitrary: entry }, value), { maxLength: 7 }), space, space)
  .map(([entries, a, b]) => `${a}[${entries.join(`${b},${a}`)}${b}]${a}`);

describe('entries that are read byte by byte', () => {
  it('become what they become when JSON.parse reads them, whatever they are', () => {
    fc.assert(
      fc.property(list, (body) => {
        const [plainly, whole] = both(body);
        expect(plainly).toEqual(whole);
      }),
      { numRuns: 4000 },
    );
  });

  it('are refused alike when bytes are missing, or others than they should be', () => {
    const changed = fc.tuple(list, fc.nat(), fc.constantFrom('', '"', '\\', '{', ']', ',', '\u0000', 'é'));
    fc.assert(
      fc.property(changed, ([body, at, by]) => {
        const place = at % (body.length + 1);
        const [plainly, whole] = both(body.slice(0, place) + by + body.slice(place + 1));
        expect(plainly).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });
});

const ones = (count: number): string => `[${Array.from({ length: count }, () => 1).join(',')}]`;

it.each([
  ['a name that comes twice', '"host":"a","host":"b"'],
  ['a second message', '"message":"other"'],
  ['a field that comes twice', '"a":1,"b":2,"a":3'],
  ['a name that comes twice within a field', '"a":{"b":1,"c":2,"b":3}'],
  ['fields that say nothing', '"a":null,"b":1'],
  ['a field that says nothing, and then something', '"a":null,"a":1'],
  ['fields of their own that say nothing', '"fields":{"a":null}'],
  ['no fields', '"fields":{}'],
  ['fields that are no object', '"fields":[1]'],
  ['fields before others', '"fields":{"b":2},"a":1'],
  ['fields after others', '"a":1,"fields":{"b":2}'],
  ['fields twice', '"fields":{"b":2},"metadata":{"a":1}'],
  ['names that are numbers', '"b":1,"10":2,"9":3'],
  ['escapes that are not needed', '"a":"\\/"'],
  ['other escapes', '"a":"\\u000a\\u00e9"'],
  ['a host with escapes', '"host":"a\\tb"'],
  ['a level with escapes', '"level":"WARN\\u0049NG"'],
  ['a time with escapes', `"timestamp":${iso(now).replace('-', '\\u002d')}`],
  ['fields that are just small enough', `"a":"${'x'.repeat(1980)}"`],
  ['fields that are too large', `"a":"${'x'.repeat(2000)}"`],
  ['fields of many small values', `"a":${ones(330)}`],
  ['fields of too many small values', `"a":${ones(340)}`],
  ['as many levels as are allowed', '"a":[[1]]'],
  ['more levels than are allowed', '"a":[[[1]]]'],
  ['a lone quote', '"a":"'],
  ['more than thirty fields', Array.from({ length: 40 }, (_, index) => `"f${index}":1`).join(',')],
])('%s: what is made of it is the same', (_, members) => {
  const [plainly, whole] = both(`[{"message":"m",${members}}]`);
  expect(plainly).toEqual(whole);
});

it('entries that are plain are in the batch as they came', () => {
  const entries = [
    {
      message: 'paid "twice"\n',
      service: 'shop',
      level: 'WARNING',
      host: 'web-1',
      fields: { n: 1.5, of: null },
    },
    {
      message: '✓',
      timestamp: new Date(now).toISOString(),
      request_id: 'r-1',
      logger: 'app',
      free: [1, { a: 'b' }],
    },
  ];
  const caller = { id: 'key', organizations: ['acme'] };
  const body = Buffer.from(JSON.stringify(entries));
  const more = { organization: 'acme', idempotencyKey: 'k', traceparent: undefined };
  const { batches, idsStart } = judged({ form: 'json', body, caller, ...more }, { ...limits, nesting: 5 });
  const ns = `${now}000000`;
  expect(batches.flatMap((batch) => entriesOf(batch))).toMatchObject([
    { ...entries[0], id: `${idsStart}000000` },
    {
      ...{ id: `${idsStart}000001`, level: 'INFO', service: 'unknown', message: '✓', event_ns: ns },
      ...{ request_id: 'r-1', logger: 'app', fields: { free: [1, { a: 'b' }] } },
    },
  ]);
});

it('a list may have as many entries as the limit, and not one more', () => {
  const listOf = (count: number): string =>
    JSON.stringify(Array.from({ length: count }, () => ({ message: 'm' })));
  expect(outcome(listOf(50))).toMatchObject({ count: 50, refusals: [] });
  expect(outcome(listOf(51))).toContain('at most 50 entries');
});

it('bytes that are no UTF-8 are refused', () => {
  expect(outcome(Buffer.from([...Buffer.from('[{"message":"'), 0xff, ...Buffer.from('"}]')]))).toContain(
    'UTF-8',
  );
});
