import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from './instants.ts';

describe('a sender’s time', () => {
  it.each([
    ['2026-11-21T14:35:00Z', '1795271700000000000'],
    ['2026-11-21T14:35:00.123456789Z', '1795271700123456789'],
    ['2026-11-21t14:35:00.5z', '1795271700500000000'],
    ['2026-11-21T15:35:00+01:00', '1795271700000000000'],
    ['2026-11-21T09:05:00-0530', '1795271700000000000'],
    ['2026-11-21T16:35:00+02', '1795271700000000000'],
    // Without a zone it is UTC.
    ['2026-11-21T14:35:00', '1795271700000000000'],
    ['2026-11-21 14:35:00,250', '1795271700250000000'],
    ['2026-11-21 14:35', '1795271700000000000'],
    [1_795_271_700, '1795271700000000000'],
    [1_795_271_700.25, '1795271700250000000'],
    [1_795_271_700_123, '1795271700123000000'],
    [1_795_271_700_123_456, '1795271700123456000'],
    ['1795271700123456789', '1795271700123456789'],
    ['1795271700', '1795271700000000000'],
  ])('%s is read', (given, ns) => {
    expect(instantOf(given)).toEqual({ ms: Math.floor(Number(ns.slice(0, 13))), ns });
  });

  it.each([
    'yesterday',
    '',
    '2026-02-30T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T14:60:00Z',
    '2026-11-21',
    '2026-11-21T14:35:00+99:00',
    '1969-01-01T00:00:00Z',
    '2026-11-21T14:35:00Z'.padEnd(100),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -5,
    12,
    1e30,
    true,
    {},
    [],
  ])('%j is none', (given) => {
    expect(instantOf(given)).toBeUndefined();
  });

  it('is what Date reads, for every instant of three decades', () => {
    const date = fc.date({ min: new Date('2002-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (moment) => {
        const expected = { ms: moment.getTime(), ns: `${moment.getTime()}000000` };
        expect(instantOf(moment.toISOString())).toEqual(expected);
        expect(instantOf(moment.getTime())).toEqual(expected);
      }),
    );
  });
});
