/**
 * Wall-clock time with microseconds: the monotonic clock on top of an anchor. The anchor follows the system
 * clock when the two have drifted apart (NTP, suspend), looked at once a second.
 */
const driftToleranceMs = 5;

let anchorMs = performance.timeOrigin;
let cachedSecond = -1;
let cachedPrefix = '';

/** Now, in RFC 3339 UTC with six digits of fraction: `2026-11-21T02:34:56.123456Z`. */
export function timestamp(): string {
  let microseconds = Math.floor((anchorMs + performance.now()) * 1000);
  let second = Math.floor(microseconds / 1_000_000);
  if (second !== cachedSecond) {
    const drift = Date.now() - microseconds / 1000;
    if (Math.abs(drift) > driftToleranceMs) {
      anchorMs += drift;
      microseconds = Math.floor((anchorMs + performance.now()) * 1000);
      second = Math.floor(microseconds / 1_000_000);
    }
    cachedSecond = second;
    cachedPrefix = new Date(second * 1000).toISOString().slice(0, 20);
  }
  return `${cachedPrefix}${String(1_000_000 + microseconds - second * 1_000_000).slice(1)}Z`;
}
