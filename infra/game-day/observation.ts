import type { Severity } from '../../telemetry/contract/links.ts';
import type { AlertOf } from './expectation.ts';

/** One tier of a family, about one subject. */
interface Alert extends AlertOf {
  readonly severity: Severity;
}

/** An alert that Prometheus, Loki's ruler or the dead man's switch has at the moment. */
export interface Sighted extends Alert {
  readonly state: 'pending' | 'firing';
  /** When its condition began to hold, in milliseconds since 1970. */
  readonly since: number;
}

/** What a receiver got. */
export interface Delivery extends Alert {
  /** A Slack channel as `#alerts`, or `pagerduty`. */
  readonly to: string;
  readonly state: 'firing' | 'resolved';
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** The stack at one moment. */
export interface Observation {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly sighted: readonly Sighted[];
  /** Whether everyone who evaluates alerts has answered: only then is what is missing over. */
  readonly complete: boolean;
  /** All since the stack began, oldest first. */
  readonly deliveries: readonly Delivery[];
}
