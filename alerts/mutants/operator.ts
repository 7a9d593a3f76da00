import { renderQuery } from '../../telemetry/query/query.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import type { AnyAlertRule } from '../rule.ts';

/** What of an alert rule is broken: its expression as Prometheus reads it, and its waiting time. */
export interface Breakable {
  readonly expr: string;
  readonly for?: Duration;
}

/** The rule with nothing wrong. */
export const soundForm = (rule: AnyAlertRule): Breakable => ({
  expr: renderQuery(rule.expr),
  ...(rule.for && { for: rule.for.duration }),
});

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
