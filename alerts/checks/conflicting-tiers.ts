import {
  type Binary,
  type Expression,
  expressionsIn,
  isComparison,
  isScalar,
} from '../../telemetry/query/promql-tree.ts';
import { familiesOf } from '../families.ts';
import { type AnyAlertRule, ruleId } from '../rule.ts';
import { canonical } from './duplicate-expression.ts';
import { alertsCheck, type Complaint } from './support/check.ts';
import type { AlertSubject } from './support/subject.ts';

/** A comparison of something with a number: `of`, whatever the ranges in it, is above or below `bound`. */
interface Condition {
  readonly of: string;
  readonly direction: 'above' | 'below';
  readonly bound: number;
}

const mirrored: Readonly<Record<string, string>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };

function conditionOf({ operator, left, right }: Binary): Condition | undefined {
  if (isScalar(left) && !isScalar(right)) return comparedTo(right, mirrored[operator], left);
  return isScalar(right) ? comparedTo(left, operator, right) : undefined;
}

function comparedTo(of: Expression, operator: string | undefined, bound: Expression): Condition | undefined {
  const value = Number(bound.text);
  if (operator === undefined || !(operator in mirrored) || Number.isNaN(value)) return undefined;
  // Tiers look at the same thing over different ranges.
  const anyRange = canonical(of).replaceAll(/\[\d+:/g, '[:');
  return { of: anyRange, direction: operator.startsWith('>') ? 'above' : 'below', bound: value };
}

/** The conditions that must all hold: the comparisons joined by `and`, and the left side of `unless`. */
function conditionsOf(expression: Expression): readonly Condition[] {
  if (expression.kind !== 'binary') return [];
  if (expression.operator === 'and')
    return [...conditionsOf(expression.left), ...conditionsOf(expression.right)];
  if (expression.operator === 'unless') return conditionsOf(expression.left);
  const condition = isComparison(expression) ? conditionOf(expression) : undefined;
  return condition ? [condition] : [];
}

export const conflictingTiers = alertsCheck('conflicting-tiers', 'SL1562', (subjects) => [
  ...subjects.flatMap(impossible),
  ...familiesOf(subjects.map(({ alert }) => alert)).flatMap(({ tiers }) =>
    tiers.slice(1).flatMap((lesser, index) => {
      const greater = tiers[index];
      return greater ? contradiction(subjectFor(subjects, greater), subjectFor(subjects, lesser)) : [];
    }),
  ),
]);

const subjectFor = (subjects: readonly AlertSubject[], rule: AnyAlertRule): AlertSubject | undefined =>
  subjects.find(({ alert }) => ruleId(alert) === ruleId(rule));

/** Above 5 and below 3: such a rule never fires. Alternatives inside it are not looked at. */
function impossible(about: AlertSubject): readonly Complaint[] {
  const conditions = about.tree && !hasAlternatives(about.tree) ? conditionsOf(about.tree) : [];
  return conditions
    .filter(({ direction }) => direction === 'above')
    .flatMap((lower) =>
      conditions
        .filter(
          ({ of, direction, bound }) => of === lower.of && direction === 'below' && bound <= lower.bound,
        )
        .map(({ bound }) => ({
          about,
          what: `it wants the same value above ${lower.bound} and below ${bound}: it never fires`,
          fix: 'swap the thresholds, or join the conditions with `or`',
        })),
    );
}

const hasAlternatives = (expression: Expression): boolean =>
  expressionsIn(expression).some((part) => part.kind === 'binary' && part.operator === 'or');

/** The first condition of a rule is what it is about; the others are guards. */
function contradiction(
  greater: AlertSubject | undefined,
  lesser: AlertSubject | undefined,
): readonly Complaint[] {
  const [severe] = greater?.tree ? conditionsOf(greater.tree) : [];
  const [mild] = lesser?.tree ? conditionsOf(lesser.tree) : [];
  if (!greater || !severe || !mild || severe.of !== mild.of) return [];
  const complaint = (what: string, fix: string): readonly Complaint[] => [{ about: greater, what, fix }];
  if (severe.direction === mild.direction) {
    const milder = severe.direction === 'above' ? severe.bound < mild.bound : severe.bound > mild.bound;
    return milder
      ? complaint(
          `its threshold ${severe.bound} is reached before ${mild.bound} of the ${lesser?.alert.severity} tier`,
          'swap the thresholds: the less severe tier comes first',
        )
      : [];
  }
  const [lower, upper] = severe.direction === 'above' ? [severe, mild] : [mild, severe];
  return lower.bound < upper.bound
    ? complaint(
        `it fires above ${lower.bound} or its ${lesser?.alert.severity} tier below ${upper.bound}: one of them always does`,
        'make both tiers look in one direction',
      )
    : [];
}
