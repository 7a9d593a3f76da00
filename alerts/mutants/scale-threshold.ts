import type { SyntaxNode } from '@lezer/common';
import { operands } from '../../telemetry/query/promql-tree.ts';
import { comparisonsOf } from './comparisons.ts';
import { type Edit, mutations } from './edit.ts';
import type { MutationOperator } from './operator.ts';

/** Each number (or, where none is compared with, each right-hand side) multiplied. */
function scaleThreshold(name: string, factor: number): MutationOperator {
  return {
    name,
    mutate: (rule) =>
      mutations(
        rule,
        comparisonsOf(rule.expr).flatMap(({ node }) => edit(rule.expr, node, factor)),
      ),
  };
}

export const doubleThreshold = scaleThreshold('threshold doubled', 2);
export const halveThreshold = scaleThreshold('threshold halved', 0.5);

function edit(expr: string, comparison: SyntaxNode, factor: number): readonly Edit[] {
  const sides = operands(comparison);
  const side = sides.find(isNumber) ?? sides[1];
  if (!side) return [];
  const { from, to } = side;
  const before = expr.slice(from, to);
  // Twice nothing is nothing: no mutant.
  if (Number(before) === 0) return [];
  const plain = side.name === 'NumberDurationLiteral' && !Number.isNaN(Number(before));
  const text = plain ? String(Number(before) * factor) : `(${before}) * ${factor}`;
  return [{ change: `${before} became ${text}`, pieces: [{ from, to, text }] }];
}

/** A literal, or arithmetic of literals alone. */
function isNumber(node: SyntaxNode): boolean {
  if (node.name === 'NumberDurationLiteral') return true;
  return ['ParenExpr', 'UnaryExpr', 'BinaryExpr'].includes(node.name) && operands(node).every(isNumber);
}
