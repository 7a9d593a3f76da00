/** How long a game day waits for what, in milliseconds of this machine. */
export interface Patience {
  /** Between two looks: not longer than alerts are evaluated, so that none is missed. */
  readonly pollMs: number;
  /** For the stack to be quiet after its start. */
  readonly calmMs: number;
  /** For a fault to raise and deliver all that is declared. */
  readonly raiseMs: number;
  /** For all of that to end once the fault has. */
  readonly endMs: number;
  /** That everything must be over, before a drill counts as such. */
  readonly settleMs: number;
}

const minute = 60_000;

/**
 * Waits that shrink with the alerts' clock, and what is added because processes start, retry and fill memory no
 * faster than ever.
 */
export function patienceFor(timeScale: number): Patience {
  const scaled = (minutes: number): number => (minutes * minute) / timeScale;
  return {
    pollMs: Math.min(1000, Math.max(200, scaled(0.125))),
    calmMs: scaled(60) + 2 * minute,
    raiseMs: scaled(40) + 1.5 * minute,
    endMs: scaled(60) + 2 * minute,
    settleMs: scaled(2),
  };
}
