import { type Expression, expressionsIn, isComparison, isScalar } from '../../telemetry/query/promql-tree.ts';
import {
  renderQuery,
  type ThresholdValues,
  thresholdsOf,
  withThresholds,
} from '../../telemetry/query/query.ts';
import { ruleCheck } from './support/check.ts';
import { treeOf } from './support/subject.ts';

/** No rule would write this number, so where it stands a threshold was. */
const stand = 918_273_645.5;
const allowed = [0, 1, stand];

export const bareNumber = ruleCheck('bare-number', 'SL1502', ({ query }) => {
  const stands: ThresholdValues = Object.fromEntries(thresholdsOf(query).map((name) => [name, stand]));
  const tree = treeOf(query, renderQuery(withThresholds(query, stands)));
  const comparisons = tree ? expressionsIn(tree).filter(isComparison) : [];
  return comparisons
    .flatMap(({ left, right }) => [left, right].filter(isScalar).flatMap(numbersIn))
    .filter((number) => !allowed.includes(Number(number)))
    .map((number) => ({
      what: `the expression compares with ${number}`,
      fix: "declare it in telemetry/contract/thresholds.ts and write ${threshold('…')}",
    }));
});

const numbersIn = (expression: Expression): readonly string[] =>
  expressionsIn(expression).flatMap((part) => (part.kind === 'number' ? [part.text] : []));
