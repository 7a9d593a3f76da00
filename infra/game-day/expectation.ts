import type { Severity } from '../../telemetry/contract/links.ts';

/** Alerts as a game day sees them: a family of rules about a service, or about a part of the stack itself. */
export interface AlertOf {
  /** The `name` that the rules of the family share. */
  readonly family: string;
  /** Empty for an alert that is about none. */
  readonly service: string;
  /** Only this tier of the family; any of them when it is left out. */
  readonly severity?: Severity;
}

/** No rule's alert: what the dead man's switch says when the Watchdog's heartbeats stop. */
export const deadmansSwitch = {
  family: 'DeadMansSwitch',
  service: '',
  severity: 'none',
} as const satisfies AlertOf;

/** An alert that a fault may raise besides, and why that is right. */
export interface Consequence extends AlertOf {
  readonly because: string;
  /** Why it goes on long after the fault: nobody waits for its end, and from then on it may fire at any time. */
  readonly outlasts?: string;
}

/** What a fault must raise, and what it may. */
export interface Expectation {
  /** Each must fire, reach the receivers of its severity, and end after the fault. At least one. */
  readonly raises: readonly [AlertOf, ...AlertOf[]];
  readonly allows: readonly Consequence[];
  /** How often the fault strikes, where the kind's own rate is for another pace than a game day's. */
  readonly rate?: number;
  /** Why nothing else can be judged meanwhile. Without it, faults that share no alert run at the same time. */
  readonly alone?: string;
  /** What the runbook tells a person to do with the dead letters once the fault is over; replay unless said otherwise. */
  readonly deadLetters?: 'replay' | 'discard';
  /** Why its alerts cannot be delivered while it lasts: then their delivery is not waited for. */
  readonly undeliverable?: string;
}

export const alertText = ({ family, service, severity }: AlertOf): string =>
  `${family}${severity === undefined ? '' : ` (${severity})`}${service === '' ? '' : ` of ${service}`}`;

/** Whether there is an alert that both mean. */
export const overlap = (a: AlertOf, b: AlertOf): boolean =>
  a.family === b.family &&
  a.service === b.service &&
  (a.severity === undefined || b.severity === undefined || a.severity === b.severity);

/** Every alert that the fault may raise, while it lasts or for a while after; what it must raise comes first. */
export const alertsOf = ({ raises, allows }: Expectation): readonly AlertOf[] => [...raises, ...allows];
