import type { Severity } from '../../telemetry/contract/links.ts';
import { type AlertCourse, courseOf, type DrillCourse } from './course.ts';
import { type AlertOf, alertText, type Consequence, overlap } from './expectation.ts';
import type { Observation, Sighted } from './observation.ts';

/** Where alerts of each severity must arrive: every one of these. */
export type Destinations = Readonly<Record<Severity, readonly string[]>>;

/** Whether it fired and one of the tiers that did has reached everybody it is for. */
function isDelivered(course: AlertCourse, destinations: Destinations): boolean {
  const told = new Set(course.deliveries.filter(({ state }) => state === 'firing').map(({ to }) => to));
  return course.severities.some((severity) => destinations[severity].every((to) => told.has(to)));
}

/** Whether it is gone, and whoever was told of it was told of its end. */
function isOver({ endedAt, deliveries }: AlertCourse): boolean {
  const last = new Map(deliveries.map(({ to, state }) => [to, state]));
  return endedAt !== undefined && [...last.values()].every((state) => state === 'resolved');
}

/** What the fault should have raised and, so far, has not: alert and what is missing. */
export function missingOf(course: DrillCourse, destinations: Destinations): readonly string[] {
  const { raises, undeliverable } = course.drill.expectation;
  return raises.flatMap((alert) => {
    const seen = courseOf(course, alert);
    if (seen?.firingAt === undefined)
      return [`${alertText(alert)} did not fire${seen === undefined ? '' : ', it was only pending'}`];
    if (undeliverable !== undefined || isDelivered(seen, destinations)) return [];
    const places = seen.severities.map((severity) => destinations[severity].join(' and '));
    const told = [...new Set(seen.deliveries.map(({ to }) => to))].join(' and ') || 'nowhere';
    return [`${alertText(alert)} fired and arrived ${told} rather than at ${places.join(' or ')}`];
  });
}

/** What has not ended yet, of all that the drill raised and that does not outlast it by its nature. */
export function lingeringOf({ alerts }: DrillCourse): readonly string[] {
  return alerts
    .filter((course) => !isOver(course) && !outlasts(course.alert))
    .map(({ alert, endedAt }) =>
      endedAt === undefined
        ? `${alertText(alert)} goes on`
        : `${alertText(alert)} is over, and not everybody was told`,
    );
}

/** What may go on, or only begin, once the drill is over: what has not ended, and what outlasts it by its nature. */
export const leftBehind = ({ drill, alerts }: DrillCourse): readonly AlertOf[] => [
  ...alerts.filter((course) => !isOver(course)).map(({ alert }) => alert),
  ...drill.expectation.allows.filter(outlasts),
];

const outlasts = (alert: AlertOf & Pick<Partial<Consequence>, 'outlasts'>): boolean =>
  alert.outlasts !== undefined;

/** Alerts that fire although nothing that is under way may raise them, and nothing else is a reason. */
export function undeclaredIn(
  { sighted }: Observation,
  declared: readonly AlertOf[],
  toleratedFamilies: ReadonlySet<string>,
): readonly Sighted[] {
  return sighted.filter(
    (alert) =>
      alert.state === 'firing' &&
      !toleratedFamilies.has(alert.family) &&
      !declared.some((one) => overlap(one, alert)),
  );
}

/** Whether none of these alerts is there, or was announced and not called off. */
export function isCalm({ sighted, deliveries }: Observation, alerts: readonly AlertOf[]): boolean {
  const concerned = (other: AlertOf): boolean => alerts.some((alert) => overlap(alert, other));
  const last = new Map(
    deliveries
      .filter(concerned)
      .map(({ family, service, to, state }) => [`${family} ${service} ${to}`, state]),
  );
  return !sighted.some(concerned) && [...last.values()].every((state) => state === 'resolved');
}
