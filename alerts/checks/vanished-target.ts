import {
  type Expression,
  isComparison,
  partsOf,
  type Selector,
  selectorsIn,
} from '../../telemetry/query/promql-tree.ts';
import { absenceTests } from './absence-for.ts';
import { alertsCheck } from './support/check.ts';

const isUp = ({ name }: Selector): boolean => name === 'up';

/** `up == 0` in one of its forms: it says nothing of a target that is no longer there. */
const looksForZero = (expression: Expression): boolean =>
  isComparison(expression) &&
  ['== 0', '< 1', '<= 0', '!= 1'].includes(`${expression.operator} ${expression.right.text}`) &&
  selectorsIn(expression.left).some(isUp);

/** What follows `unless` keeps an alert quiet: there a target that is gone is well left out. */
function conditionsIn(expression: Expression): readonly Expression[] {
  const keepsQuiet = expression.kind === 'binary' && expression.operator === 'unless';
  const parts = keepsQuiet ? [expression.left] : partsOf(expression);
  return [expression, ...parts.flatMap(conditionsIn)];
}

export const vanishedTarget = alertsCheck('vanished-target', 'SL1559', (subjects) => {
  const watched = subjects.filter(({ tree }) => tree && absenceTests(tree).flatMap(selectorsIn).some(isUp));
  return subjects
    .filter(({ tree }) => tree && conditionsIn(tree).some(looksForZero))
    .filter(({ alert }) => !watched.some((companion) => companion.alert.name === alert.name))
    .map((about) => ({
      about,
      what: 'it waits for `up` to be 0, and a target that is gone from service discovery has no `up` at all',
      fix: 'add an alternative that notices absence: `or absent(up{…})`, or notUp() of alerts/rules/up.ts',
    }));
});
