import type { Extra } from '../../infra/local/extras.ts';

/**
 * What a laptop bears: alerts 25 times as fast on the stack as it is, 8 times beside sidecars and brokers, where an event
 * costs several times as much.
 */
export const usualTimeScale = (extras: readonly Extra[]): number => (extras.length === 0 ? 25 : 8);

/** Requests a second that a window of any length holds enough of, for a share of them to mean something. */
const rateAtUsualSpeed = 1.6;
const leastRate = 10;

/** Requests a second of the users, at least 10: windows that are shorter need more of them. */
export const trafficRateAt = (timeScale: number): number =>
  Math.max(leastRate, Math.round(rateAtUsualSpeed * timeScale));
