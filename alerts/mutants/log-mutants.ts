import type { LogAlertRule } from '../rule.ts';
import { narrowWindow, widenWindow } from './change-window.ts';
import { dropGroupingLabel } from './drop-grouping-label.ts';
import { dropMatcher } from './drop-matcher.ts';
import { mutations } from './edit.ts';
import { flipComparison } from './flip-comparison.ts';
import { logEdits } from './log-edits.ts';
import { moveBoundary } from './move-boundary.ts';
import { type Mutation, type MutationOperator, soundForm } from './operator.ts';
import { removeFor } from './remove-for.ts';
import { doubleThreshold, halveThreshold } from './scale-threshold.ts';

/** A broken log rule: which, how, and what it became. */
export interface LogMutant extends Mutation {
  readonly rule: LogAlertRule;
  readonly operator: string;
}

/** The operators of PromQL rules, as far as they apply to LogQL, under the same names. */
const logOperators: readonly MutationOperator[] = [
  removeFor,
  ...(
    [
      [flipComparison, logEdits.flipped],
      [moveBoundary, logEdits.boundaryMoved],
      [doubleThreshold, logEdits.thresholdTimes(2)],
      [halveThreshold, logEdits.thresholdTimes(0.5)],
      [dropMatcher, logEdits.filterDropped],
      [widenWindow, logEdits.windowTimes(4)],
      [narrowWindow, logEdits.windowTimes(0.25)],
      [dropGroupingLabel, logEdits.groupingLabelDropped],
    ] as const
  ).map(
    ([{ name }, edits]) =>
      ({ name, mutate: (rule) => mutations(rule, edits(rule.expr)) }) satisfies MutationOperator,
  ),
];

/** Every mutant of a log rule, with the thresholds of the contract. */
export function logMutantsOf(rule: LogAlertRule): readonly LogMutant[] {
  const sound = soundForm(rule);
  return logOperators.flatMap(({ name, mutate }) =>
    mutate(sound).map((mutation) => ({ ...mutation, rule, operator: name })),
  );
}
