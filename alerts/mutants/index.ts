import { type AlertRule, ruleId } from '../rule.ts';
import { narrowWindow, widenWindow } from './change-window.ts';
import { dropGroupingLabel } from './drop-grouping-label.ts';
import { dropMatcher } from './drop-matcher.ts';
import { flipComparison } from './flip-comparison.ts';
import { moveBoundary } from './move-boundary.ts';
import { type Mutation, type MutationOperator, soundForm } from './operator.ts';
import { removeFor } from './remove-for.ts';
import { doubleThreshold, halveThreshold } from './scale-threshold.ts';

export const operators: readonly MutationOperator[] = [
  flipComparison,
  moveBoundary,
  doubleThreshold,
  halveThreshold,
  removeFor,
  dropMatcher,
  widenWindow,
  narrowWindow,
  dropGroupingLabel,
];

/** A broken rule: which, how, and what it became. */
export interface Mutant extends Mutation {
  readonly rule: AlertRule;
  readonly operator: string;
}

/** Every mutant of a rule, with the thresholds of the contract. */
export function mutantsOf(rule: AlertRule): readonly Mutant[] {
  const sound = soundForm(rule);
  return operators.flatMap(({ name, mutate }) =>
    mutate(sound).map((mutation) => ({ ...mutation, rule, operator: name })),
  );
}

/** Rule, operator and change in one text: unique among all mutants. */
export const mutantId = ({ rule, operator, change }: Mutant): string =>
  `${ruleId(rule)}: ${operator}: ${change}`;
