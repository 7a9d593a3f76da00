import type { burnWindows } from '../../telemetry/contract/recorded.ts';
import { durationMs } from '../../telemetry/query/scale-time.ts';

/** Windows over which the share of bad events is recorded. */
type BurnWindow = '5m' | (typeof burnWindows)[number];

interface TierDefinition {
  readonly severity: 'critical' | 'warning';
  /** Share of the error budget that is gone when the tier alerts, 0 to 1. */
  readonly share: number;
  readonly long: BurnWindow;
  /** About a twelfth of the long one: it ends the alert soon after the trouble has ended. */
  readonly short: BurnWindow;
}

/** Google's SRE workbook, “Alerting on SLOs”, 6: multiple windows, multiple burn rates. */
const tiers: readonly TierDefinition[] = [
  { severity: 'critical', share: 0.02, long: '1h', short: '5m' },
  { severity: 'critical', share: 0.05, long: '6h', short: '30m' },
  { severity: 'warning', share: 0.1, long: '1d', short: '2h' },
  { severity: 'warning', share: 0.1, long: '3d', short: '6h' },
];

/** A pair of windows, and how fast the budget must be spent in both of them. */
export interface BurnTier extends TierDefinition {
  /** Times the rate that would use up the budget exactly at the end of the period; at least 1. */
  readonly factor: number;
}

/** Long windows longer than this share of the period say no more than the budget itself. */
const longestShare = 0.5;

/**
 * The tiers for a period, in milliseconds: factor = share × period ÷ long window. Where that is under 1, the share
 * is raised to what a service spends that just meets its objective: a lower factor would alert on a promise kept.
 * Tiers whose long window is over half the period are left out.
 */
export function burnTiers(periodMs: number): readonly BurnTier[] {
  return tiers
    .map((tier) => ({ ...tier, portion: milliseconds(tier.long) / periodMs }))
    .filter(({ portion }) => portion <= longestShare)
    .map(({ portion, ...tier }) => {
      const share = Math.max(tier.share, portion);
      return { ...tier, share, factor: rounded(share / portion) };
    });
}

/** Six digits, so that 0.02 × 30 d ÷ 1 h is 14.4. */
const rounded = (value: number): number => Number(value.toPrecision(6));

function milliseconds(window: BurnWindow): number {
  const ms = durationMs(window);
  if (ms === undefined) throw new TypeError(`${window} is no duration`);
  return ms;
}

/**
 * The window in which failures must be more than a handful. That of the fast pair is the short one, for an hour's count
 * lags, and whoever is down should not wait for it. Failures too rare for five minutes are left to the slower pairs.
 */
export const failuresWindow = ({ long, short }: BurnTier): BurnWindow => (short === '5m' ? short : long);
