const firstMs = 200;
const longestMs = 30_000;

/** A process healthy for this long (milliseconds) has recovered: its next failure counts as the first. */
export const stableMs = 30_000;

/** Milliseconds to wait before the start after the n-th failure in a row (n ≥ 1): 200 ms, doubling up to 30 s. */
export function backoffMs(failuresInARow: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(failuresInARow, 1) - 1, 30));
}
