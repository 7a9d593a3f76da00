import { expect, it } from 'vitest';
import { readPipelineConfig } from '../../pipeline/config/read-config.ts';
import { entriesOf } from '../../pipeline/queue/batch.ts';
import { headersOf } from '../../pipeline/queue/kafka/record.ts';
import { deadLetters } from './dead-letter-topic.ts';
import { readDirect } from './direct-record.ts';

const { limits } = readPipelineConfig({ env: {} });
const now = Date.parse('2026-03-01T12:00:00Z');
const position = { topic: 'logs', partition: 2, offset: 41n };

const fetched = (value: Buffer | null, headers: Readonly<Record<string, string>> = {}, at = now) => ({
  position,
  at,
  record: { key: null, value, headers: [...headersOf(headers)] },
});

function read(value: unknown, headers = {}, organizations: readonly string[] = ['acme']) {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  return readDirect(fetched(bytes, headers), { limits, organizations }, now);
}

const reasons = (outcome: ReturnType<typeof read>) => outcome.refusals.map(({ reason }) => reason);

it.each([
  ['one entry', { message: 'a' }, ['a']],
  ['an array', [{ message: 'a' }, { message: 'b' }], ['a', 'b']],
  ['a batch', { batch_id: '1', logs: [{ message: 'a' }] }, ['a']],
])('%s is taken', (_, value, messages) => {
  const { batches, refusals } = read(value);
  expect(batches.flatMap((batch) => entriesOf(batch).map(({ message }) => message))).toEqual(messages);
  expect(refusals).toEqual([]);
});

it('what an entry does not say its headers say, and its own word counts', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const headers = { service: 'till', host: 'h1', organization: 'acme', 'tag.region': 'eu', 'tag.tier': 'x' };
  const { batches } = read([{ message: 'a', host: 'h2', tags: { tier: 'gold' } }], {
    ...headers,
    traceparent,
  });
  expect(batches).toMatchObject([{ organization: 'acme', count: 1, traceparent }]);
  expect(batches.flatMap(entriesOf)).toMatchObject([
    { service: 'till', host: 'h2', tags: { region: 'eu', tier: 'gold' } },
  ]);
});

it('entries go to their organizations, and to no other than the allowed', () => {
  const entries = ['acme', 'globex', 'evil', undefined].map((organizationId) => ({
    message: 'm',
    organizationId,
  }));
  const outcome = read(entries, {}, ['acme', 'globex']);
  expect(outcome.batches.map(({ organization }) => organization)).toEqual(['acme', 'globex']);
  expect(outcome.refusals.map(({ index, reason }) => [index, reason])).toEqual([
    [2, expect.stringContaining('organizationId')],
    [3, expect.stringContaining('organizationId')],
  ]);
  expect(reasons(read({ message: 'm' }, { organization: '../x' }))).toEqual([
    expect.stringContaining('organizationId'),
  ]);
});

it('the same record gives the same ids and instants each time', () => {
  const once = read([{ message: 'a' }, { message: 'a' }]).batches;
  expect(read([{ message: 'a' }, { message: 'a' }]).batches).toEqual(once);
  const later = { ...fetched(Buffer.from('[{"message":"a"},{"message":"a"}]')) };
  expect(readDirect(later, { limits, organizations: ['acme'] }, now + 60_000).batches).toEqual(once);
  const [first, second] = once.flatMap(entriesOf);
  expect(first?.id).not.toBe(second?.id);
  expect(first?.timestamp_ns).not.toBe(second?.timestamp_ns);
});

it('a producer’s clock that is far off gives no instant', () => {
  const { batches } = readDirect(
    fetched(Buffer.from('{"message":"a"}'), {}, 0),
    { limits, organizations: ['acme'] },
    now,
  );
  expect(batches.flatMap(entriesOf)[0]?.timestamp_ns).toBe(`${now}000000`);
});

it.each([
  ['no value', null, 'the record has no value'],
  ['nothing', Buffer.alloc(0), 'the record has no value'],
  ['no JSON', Buffer.from('level=info msg=hi'), 'the record is no JSON'],
  ['UTF-16', Buffer.from('{"message":"a"}', 'utf16le'), 'the record is no JSON'],
  ['Latin-1', Buffer.from('{"message":"caf\xe9"}', 'latin1'), 'the record is no UTF-8'],
  ['a number', Buffer.from('7'), 'it is no object'],
  ['an empty array', Buffer.from('[]'), 'there is no entry in the record'],
  ['no message', Buffer.from('{"level":"info"}'), 'message: is missing'],
  ['an unknown level', Buffer.from('{"message":"a","level":"loud"}'), 'level: is no level'],
  ['deep nesting', Buffer.from(`{"message":"a","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`), /nested/],
  ['a long message', Buffer.from(JSON.stringify({ message: 'x'.repeat(300_000) })), /longer/],
  ['too many', Buffer.from(JSON.stringify(Array(50_001).fill(0))), /more than 50000 entries/],
])('%s is refused with the reason, and nothing of it is lost', (_, value, reason) => {
  const outcome = readDirect(fetched(value), { limits, organizations: ['acme'] }, now);
  expect(outcome.batches).toEqual([]);
  expect(outcome.refusals).toEqual([expect.objectContaining({ reason: expect.stringMatching(reason) })]);
  const [refusal] = outcome.refusals;
  if (refusal?.index === undefined) expect(refusal?.value).toEqual(value ?? Buffer.alloc(0));
});

it('the good entries of a record are kept', () => {
  const outcome = read([{ message: 'a' }, 'text', { message: 'b' }, { message: '' }]);
  expect(outcome.batches.map(({ count }) => count)).toEqual([2]);
  expect(outcome.refusals.map(({ index, value }) => [index, String(value)])).toEqual([
    [1, '"text"'],
    [3, '{"message":""}'],
  ]);
});

it('a dead letter has its bytes, its headers, the reason, and where it lay', () => {
  const [letter, ...more] = deadLetters(
    'logs.dead',
    fetched(Buffer.from('x'), { service: 'till' }),
    { reason: 'it is no object', value: Buffer.from('x'), index: 3 },
    1_000_000,
  );
  expect(more).toEqual([]);
  expect(letter).toMatchObject({ topic: 'logs.dead', record: { value: Buffer.from('x') } });
  expect(
    Object.fromEntries([...(letter?.record.headers ?? [])].map(([name, text]) => [`${name}`, `${text}`])),
  ).toEqual({
    service: 'till',
    'dead-letter-reason': 'it is no object',
    'dead-letter-topic': 'logs',
    'dead-letter-partition': '2',
    'dead-letter-offset': '41',
    'dead-letter-index': '3',
  });
});

it('a dead letter that is larger than its topic takes goes in parts', () => {
  const value = Buffer.from('0123456789'.repeat(10_000));
  const letters = deadLetters(
    'logs.dead',
    fetched(value, { big: 'h'.repeat(50_000) }),
    { reason: 'r', value },
    60_000,
  );
  expect(letters.length).toBeGreaterThan(1);
  expect(Buffer.concat(letters.map(({ record }) => record.value))).toEqual(value);
  for (const { record } of letters) {
    const headers = [...record.headers].reduce((sum, pair) => sum + Buffer.concat(pair).byteLength, 0);
    expect(record.value.byteLength + headers).toBeLessThan(60_000);
  }
});
