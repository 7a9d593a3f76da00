import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs } from '../../telemetry/query/scale-time.ts';
import { type BurnTier, burnTiers } from './burn-windows.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const rows = (tiers: readonly BurnTier[]) =>
  tiers.map(({ severity, share, long, short, factor }) => [severity, share, long, short, factor]);

describe('burn-rate windows', () => {
  it('have the factors of the SRE workbook for 30 days', () => {
    expect(rows(burnTiers(30 * dayMs))).toEqual([
      ['critical', 0.02, '1h', '5m', 14.4],
      ['critical', 0.05, '6h', '30m', 6],
      ['warning', 0.1, '1d', '2h', 3],
      ['warning', 0.1, '3d', '6h', 1],
    ]);
  });

  it.each([
    [28, [13.44, 5.6, 2.8, 1]],
    [7, [3.36, 1.4, 1, 1]],
    [90, [43.2, 18, 9, 3]],
    // Three days are more than half of five: no pair of windows for them.
    [5, [2.4, 1, 1]],
    [1, [1, 1]],
  ])('have factors that follow a period of %d days', (days, factors) => {
    expect(burnTiers(days * dayMs).map(({ factor }) => factor)).toEqual(factors);
  });

  it('hold for every period: shares are what the factors spend, factors fall, nothing alerts below 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 365 * 24 }), (hours) => {
        const periodMs = hours * hourMs;
        const tiers = burnTiers(periodMs);
        for (const { share, long, short, factor } of tiers) {
          const [longMs, shortMs] = [durationMs(long) ?? 0, durationMs(short) ?? 0];
          // Spending `factor` times too fast for the long window uses up the share.
          expect((factor * longMs) / periodMs).toBeCloseTo(share, 5);
          expect(factor).toBeGreaterThanOrEqual(1);
          expect(share).toBeLessThanOrEqual(0.5);
          expect(longMs / shortMs).toBeCloseTo(12, 6);
        }
        const factors = tiers.map(({ factor }) => factor);
        expect(factors).toEqual(factors.toSorted((a, b) => b - a));
      }),
    );
  });
});
