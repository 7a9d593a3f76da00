import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';
import { entrySchema } from './entry-schema.ts';
import { idAt, idsFrom } from './ids.ts';

const limits = {
  messageBytes: 1000,
  fieldsBytes: 2000,
  nesting: 5,
  maxAgeHours: 167,
  maxAheadSeconds: 540,
};
const now = Date.parse('2026-11-21T14:35:00Z');

function admitAll(raws: readonly unknown[], organizationOf = (given: string | undefined) => given ?? 'acme') {
  const admission = new Admission(limits, (index) => idAt(idsFrom('test'), index), now);
  return raws.map((raw, index) => admission.admit(raw, index, organizationOf));
}

function admit(raw: unknown) {
  const [only] = admitAll([raw]);
  if (only === undefined) throw new Error('nothing came back');
  return only;
}

describe('admission', () => {
  it('takes an entry with everything', () => {
    const { entry } = admitted({
      timestamp: '2026-11-21T14:34:59.123456789',
      level: 'warn',
      message: 'shipped ✓',
      service: 'shop',
      source: 'web',
      host: 'h1',
      logger: 'shop.orders',
      request_id: 'r',
      trace_id: 't',
      span_id: 's',
      user_id: 'u',
      tags: { region: 'eu', canary: true, zone: 3 },
      fields: { order: { id: 1 } },
      metadata: { more: [null] },
      free: 'kept',
    });
    expect(entry).toEqual({
      id: idAt(idsFrom('test'), 0),
      timestamp_ns: '1795271699123456789',
      event_ns: '1795271699123456789',
      level: 'WARNING',
      message: 'shipped ✓',
      service: 'shop',
      source: 'web',
      host: 'h1',
      logger: 'shop.orders',
      request_id: 'r',
      trace_id: 't',
      span_id: 's',
      user_id: 'u',
      tags: { region: 'eu', canary: 'true', zone: '3' },
      fields: { order: { id: 1 }, more: [null], free: 'kept' },
    });
  });

  it('fills in the time, the level and the service', () => {
    const { entry } = admitted({ message: 'm' });
    expect(entry).toMatchObject({ event_ns: `${now}000000`, level: 'INFO', service: 'unknown' });
    expect(admitted({ message: 'm', source: 'door 7' }).entry.service).toBe('door 7');
  });

  it('keeps the sender’s time, and makes the instants of equal ones differ by less than a microsecond', () => {
    const timestamp = '2026-11-21T14:35:00.5Z';
    const entries = admitAll([1, 2, 3].map((n) => ({ timestamp, message: `${n}` }))).map((one) =>
      entryOf(one),
    );
    expect(entries.map(({ event_ns }) => event_ns)).toEqual(Array(3).fill('1795271700500000000'));
    expect(entries.map(({ timestamp_ns }) => timestamp_ns)).toEqual([
      '1795271700500000000',
      '1795271700500000001',
      '1795271700500000002',
    ]);
  });

  it.each([
    [null, 'it is no object'],
    [[], 'it is no object'],
    ['text', 'it is no object'],
    [{}, 'message: is missing'],
    [{ message: '' }, 'message: must be a text that is not empty'],
    [{ message: 5 }, 'message: must be a text that is not empty'],
    [{ message: 'é'.repeat(501) }, 'message: is longer than 1000 bytes'],
    [{ message: 'm', level: 'loud' }, 'level: is no level'],
    [{ message: 'm', timestamp: 'now' }, 'timestamp: is no time'],
    [{ message: 'm', timestamp: now - 168 * 3_600_000 }, 'timestamp: is older than 167 hours'],
    [{ message: 'm', timestamp: now + 600_000 }, 'timestamp: is more than 540 s ahead'],
    [{ message: 'm', service: 'a\nb' }, 'service: has control characters'],
    [{ message: 'm', host: 'h'.repeat(101) }, 'host: is longer than 100 characters'],
    [{ message: 'm', organizationId: '../x' }, 'organizationId: is no organization'],
    [{ message: 'm', tags: { 'a b': 'c' } }, 'tags: have a name that is none'],
    [{ message: 'm', tags: { a: {} } }, 'tags: must be texts, numbers or booleans'],
    [{ message: 'm', fields: [] }, 'fields: must be an object'],
    [{ message: 'm', fields: { a: [[[[[1]]]]] } }, 'fields: are nested deeper than 5'],
    [{ message: 'm', fields: { a: 'x'.repeat(3000) } }, 'fields: are larger than 2000 bytes'],
    [{ message: 'm', fields: { a: '日'.repeat(700) } }, 'fields: are larger than 2000 bytes'],
  ])('refuses %j', (raw, reason) => {
    expect(admit(raw)).toEqual({ index: 0, reason });
  });

  it('quotes nothing of what it refuses', () => {
    const refusal = admit({ message: 'm', level: 'hunter2' });
    expect(JSON.stringify(refusal)).not.toContain('hunter2');
  });

  it('keeps members called __proto__ and constructor as the fields that they are', () => {
    const { entry } = admitted(JSON.parse('{"message":"m","__proto__":{"admin":true},"constructor":1}'));
    expect(JSON.stringify(entry.fields)).toBe('{"__proto__":{"admin":true},"constructor":1}');
    expect(Object.getPrototypeOf(entry)).toBe(Object.prototype);
  });

  it('makes text whole that is no Unicode', () => {
    expect(admitted({ message: 'a\ud800' }).entry.message).toBe('a\ufffd');
  });

  it('takes what the documented schema takes, and nothing else', () => {
    const text = fc.oneof(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const odd = fc.oneof(
      fc.constantFrom(null, true, 0, '', [], {}, 'x'.repeat(201)),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const usually = (good: fc.Arbitrary<unknown>) =>
      fc.oneof({ weight: 20, arbitrary: good }, { weight: 1, arbitrary: odd });
    const tags = fc.dictionary(fc.constantFrom('a', 'b_c', 'd.e', 'f', 'g h'), fc.oneof(text, fc.integer()), {
      maxKeys: 2,
    });
    const fields = fc.dictionary(text, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 });
    const raw = fc.record(
      {
        message: usually(text),
        level: usually(fc.constantFrom('warn', 'ERROR', 'Fatal', 30)),
        timestamp: usually(fc.constantFrom('2026-11-21T14:35:00Z', now, `${now}`)),
        service: usually(text),
        organizationId: usually(fc.constantFrom('acme', 'b-2')),
        request_id: usually(text),
        tags: usually(tags),
        fields: usually(fields),
        metadata: usually(fields),
        anything: odd,
      },
      { requiredKeys: ['message'] },
    );
    let taken = 0;
    fc.assert(
      fc.property(usually(raw), (generated) => {
        const given: unknown = JSON.parse(JSON.stringify(generated));
        // Times that are read and out of bounds are the admission's own business.
        const result = admit(given);
        const refusedForBounds = 'reason' in result && /older than|ahead/.test(result.reason);
        if ('entry' in result) taken += 1;
        if (!refusedForBounds) expect('entry' in result).toBe(entrySchema.safeParse(given).success);
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});

function admitted(raw: unknown) {
  const result = admit(raw);
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

function entryOf(result: ReturnType<typeof admit>) {
  if ('reason' in result) throw new Error(result.reason);
  return result.entry;
}
