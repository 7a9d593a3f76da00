import type { SyntaxNode } from '@lezer/common';
import { nodesOf } from './edit.ts';

const kinds = ['Eql', 'EqlC', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte'] as const;

interface Comparison {
  /** The whole, both sides included. */
  readonly node: SyntaxNode;
  readonly operator: SyntaxNode;
}

/** Every comparison of an expression, in the order of their operators in the text. */
export function comparisonsOf(expr: string): readonly Comparison[] {
  return nodesOf(expr, 'BinaryExpr')
    .flatMap((node) => {
      const operator = kinds.map((kind) => node.getChild(kind)).find((child) => child !== null);
      return operator ? [{ node, operator }] : [];
    })
    .sort((a, b) => a.operator.from - b.operator.from);
}
