import type { Duration } from '../../telemetry/query/scale-time.ts';

/** What of an alert rule is broken: its expression as Prometheus reads it, and its waiting time. */
export interface Breakable {
  readonly expr: string;
  readonly for?: Duration;
}

/** A rule with one thing wrong. */
export interface Mutation {
  /** What was done, in words that tell it from the operator's other mutations of the rule. */
  readonly change: string;
  readonly broken: Breakable;
}

/** A standard way to break a rule; gives every single place where it applies. */
export interface MutationOperator {
  readonly name: string;
  readonly mutate: (rule: Breakable) => readonly Mutation[];
}
