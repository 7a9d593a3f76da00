import { type Expression, isComparison, partsOf } from '../../telemetry/query/promql-tree.ts';
import { alertCheck } from './support/check.ts';

/** Whether the result can be empty while everything is well. */
export function canBeEmpty(expression: Expression): boolean {
  if (isComparison(expression) && !expression.bool) return true;
  if (expression.kind === 'call' && expression.name.startsWith('absent')) return true;
  if (expression.kind !== 'binary') return partsOf(expression).some(canBeEmpty);
  if (expression.operator === 'unless') return true;
  const sides = [expression.left, expression.right].map(canBeEmpty);
  return expression.operator === 'or' ? sides.every(Boolean) : sides.some(Boolean);
}

export const alwaysFires = alertCheck('always-fires', 'SL1541', ({ tree, alert }) =>
  !tree || alert.severity === 'none' || canBeEmpty(tree)
    ? []
    : [
        {
          what: 'nothing in its expression compares: it fires as soon as the series exist',
          fix: 'compare with a threshold; what always fires by design has the severity none',
        },
      ],
);
