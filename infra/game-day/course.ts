import type { Severity } from '../../telemetry/contract/links.ts';
import type { Drill } from './drills.ts';
import { type AlertOf, alertsOf, overlap } from './expectation.ts';
import type { Delivery, Observation } from './observation.ts';

/** What became, during a drill, of an alert that it must or may raise; times in milliseconds since 1970. */
export interface AlertCourse {
  readonly alert: AlertOf;
  readonly pendingAt: number;
  readonly firingAt?: number;
  /** When it was no longer there; absent while it is. */
  readonly endedAt?: number;
  /** Of the tiers that fired. */
  readonly severities: readonly Severity[];
  /** Since the drill began, oldest first. */
  readonly deliveries: readonly Delivery[];
}

/** A drill under way, or over. */
export interface DrillCourse {
  readonly drill: Drill;
  readonly injectedAt: number;
  /** When the fault was ended. */
  readonly clearedAt?: number;
  /** Those that were at least pending. */
  readonly alerts: readonly AlertCourse[];
}

export const begin = (drill: Drill, at: number): DrillCourse => ({ drill, injectedAt: at, alerts: [] });

export const courseOf = (course: DrillCourse, alert: AlertOf): AlertCourse | undefined =>
  course.alerts.find((one) => one.alert === alert);

/** The course with what was observed of the drill's own alerts; what several of them mean counts for the first. */
export function follow(course: DrillCourse, observation: Observation): DrillCourse {
  const all = alertsOf(course.drill.expectation);
  const alerts = all.flatMap((alert, index) => {
    const mine = (other: AlertOf): boolean =>
      overlap(alert, other) && !all.slice(0, index).some((earlier) => overlap(earlier, other));
    const now = followAlert(courseOf(course, alert), {
      alert,
      at: observation.at,
      complete: observation.complete,
      seen: observation.sighted.filter(mine),
      deliveries: observation.deliveries.filter(
        (delivery) => mine(delivery) && delivery.at >= course.injectedAt,
      ),
    });
    return now === undefined ? [] : [now];
  });
  return { ...course, alerts };
}

function followAlert(
  before: AlertCourse | undefined,
  now: { readonly alert: AlertOf; readonly seen: Observation['sighted'] } & Omit<Observation, 'sighted'>,
): AlertCourse | undefined {
  const { alert, at, complete, seen, deliveries } = now;
  if (before === undefined && seen.length === 0) return undefined;
  const firing = seen.filter(({ state }) => state === 'firing');
  const firingAt = before?.firingAt ?? (firing.length > 0 ? at : undefined);
  const endedAt = seen.length > 0 ? undefined : (before?.endedAt ?? (complete ? at : undefined));
  return {
    alert,
    pendingAt: Math.min(before?.pendingAt ?? Number.POSITIVE_INFINITY, ...seen.map(({ since }) => since)),
    ...(firingAt !== undefined && { firingAt }),
    ...(endedAt !== undefined && { endedAt }),
    severities: [...new Set([...(before?.severities ?? []), ...firing.map(({ severity }) => severity)])],
    deliveries,
  };
}
