import { type Expression, expressionsIn, isComparison, isScalar } from '../../telemetry/query/promql-tree.ts';
import {
  type PromqlQuery,
  type ThresholdValues,
  thresholdsOf,
  withThresholds,
} from '../../telemetry/query/query.ts';
import { logBareNumbers } from '../log-expression.ts';
import { isLogRule } from '../rule.ts';
import { alertCheck } from './support/check.ts';
import { treeOf } from './support/subject.ts';

/** No rule would write this number, so where it stands a threshold was, or what is computed from the contract. */
const stand = 918_273_645.5;
const allowed = [0, 1, stand];

export const bareNumber = alertCheck('bare-number', 'SL1502', ({ alert }) =>
  (isLogRule(alert) ? logBareNumbers(alert.expr) : bareNumbers(alert.expr)).map((number) => ({
    what: `the expression compares with ${number}`,
    fix: "declare it in telemetry/contract/thresholds.ts and write ${threshold('…')}",
  })),
);

function bareNumbers(query: PromqlQuery): readonly string[] {
  const stands: ThresholdValues = Object.fromEntries(thresholdsOf(query).map((name) => [name, stand]));
  const parts = query.parts.map((part) => (part.kind === 'computed' ? { ...part, value: stand } : part));
  const tree = treeOf(withThresholds({ ...query, parts }, stands));
  const comparisons = tree ? expressionsIn(tree).filter(isComparison) : [];
  return comparisons
    .flatMap(({ left, right }) => [left, right].filter(isScalar).flatMap(numbersIn))
    .filter((number) => !allowed.includes(Number(number)));
}

const numbersIn = (expression: Expression): readonly string[] =>
  expressionsIn(expression).flatMap((part) => (part.kind === 'number' ? [part.text] : []));
