import { threeDigits } from './digits.ts';

/**
 * Wall-clock time with microseconds: the monotonic clock on top of an anchor. The anchor follows the system
 * clock when the two have drifted apart (NTP, suspend), looked at once a second.
 */
const driftToleranceMs = 5;

let anchorMs = performance.timeOrigin;
let cachedSecond = -1;
let cachedPrefix = '';

/**
 * RFC 3339 UTC with six digits of fraction: `2026-11-21T02:34:56.123456Z`.
 * @param at a moment of performance.now(), in milliseconds; now unless given
 */
export function timestamp(at = performance.now()): string {
  let microseconds = Math.floor((anchorMs + at) * 1000);
  let second = Math.floor(microseconds / 1_000_000);
  if (second !== cachedSecond) {
    const drift = Date.now() - (anchorMs + performance.now());
    if (Math.abs(drift) > driftToleranceMs) {
      anchorMs += drift;
      microseconds = Math.floor((anchorMs + at) * 1000);
      second = Math.floor(microseconds / 1_000_000);
    }
    cachedSecond = second;
    cachedPrefix = new Date(second * 1000).toISOString().slice(0, 20);
  }
  const fraction = microseconds - second * 1_000_000;
  const milliseconds = Math.floor(fraction / 1000);
  return `${cachedPrefix}${threeDigits(milliseconds)}${threeDigits(fraction - milliseconds * 1000)}Z`;
}
