import type { Drill } from './drills.ts';
import { alertsOf, overlap } from './expectation.ts';

/** Faults at the same time: beyond this the machine’s own slowness raises alerts. */
const atOnce = 5;

/**
 * Whether alerts could be told apart if both were on: neither may raise what the other may raise, and neither asks to
 * be alone.
 */
export function canRunTogether(a: Drill, b: Drill): boolean {
  if (a.expectation.alone !== undefined || b.expectation.alone !== undefined) return false;
  const ofA = alertsOf(a.expectation);
  return !alertsOf(b.expectation).some((alert) => ofA.some((other) => overlap(alert, other)));
}

/** Of those that wait, in their order, the ones to begin now beside those under way. */
export function nextDrills(waiting: readonly Drill[], underWay: readonly Drill[]): readonly Drill[] {
  const begun: Drill[] = [];
  for (const drill of waiting) {
    const beside = [...underWay, ...begun];
    if (beside.length >= atOnce) break;
    if (beside.every((other) => canRunTogether(drill, other))) begun.push(drill);
  }
  return begun;
}
