import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InstantSpreader } from './entry.ts';

const spread = (instants: readonly string[]): readonly string[] => {
  const spreader = new InstantSpreader();
  return instants.map((ns) => spreader.at(ns));
};

describe('the instants of a batch', () => {
  it('stay as they are where they differ', () => {
    const instants = ['1700000000000000000', '1700000000000001000', '1700000001000000000'];
    expect(spread(instants)).toEqual(instants);
  });

  it('become distinct in the order of the entries', () => {
    expect(spread(['1700000000000000000', '1700000000000000000', '1700000000000000000'])).toEqual([
      '1700000000000000000',
      '1700000000000000001',
      '1700000000000000002',
    ]);
  });

  it('never move by a microsecond, are distinct and the same each time', () => {
    const start = 1_700_000_000_000_000_000n;
    const instant = fc.bigInt({ min: start, max: start + 5000n }).map(String);
    fc.assert(
      fc.property(fc.array(instant, { maxLength: 900 }), (instants) => {
        const distinct = spread(instants);
        expect(new Set(distinct).size).toBe(instants.length);
        expect(spread(instants)).toEqual(distinct);
        for (const [index, ns] of distinct.entries()) {
          expect(ns.slice(0, -3)).toBe(instants[index]?.slice(0, -3));
        }
      }),
    );
  });
});
