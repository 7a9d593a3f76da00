import {
  type Expression,
  expressionsIn,
  isArithmetic,
  isComparison,
} from '../../telemetry/query/promql-tree.ts';
import { ruleCheck } from './support/check.ts';

const filters = (expression: Expression): boolean => isComparison(expression) && !expression.bool;

export const comparisonInArithmetic = ruleCheck('comparison-in-arithmetic', 'SL1544', ({ tree }) =>
  (tree ? expressionsIn(tree) : []).flatMap(misused).map((comparison) => ({
    what: `\`${comparison.text}\` keeps the value of its left side and drops the rest: it is no 0 or 1 to calculate with`,
    fix: 'write the comparison with `bool`, or compare after the arithmetic',
  })),
);

function misused(part: Expression): readonly Expression[] {
  if (isArithmetic(part)) {
    // `a / (b > 0)` leaves out what cannot be divided by: that is what the comparison is for.
    const guarded = ['/', '%'].includes(part.operator);
    return [part.left, ...(guarded ? [] : [part.right])].filter(filters);
  }
  if (part.kind !== 'aggregation' || !['sum', 'avg'].includes(part.operator)) return [];
  // The sum of what equals 1 is a count; no other sum of what passed a filter is.
  const { operand } = part;
  const counts = isComparison(operand) && operand.operator === '==' && operand.right.text === '1';
  return filters(operand) && !counts ? [operand] : [];
}
