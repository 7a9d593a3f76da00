import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { labelsOfSeries } from '../telemetry/query/series.ts';

type Labels = ReadonlySet<string>;

const setOperators = ['And', 'Or', 'Unless'] as const;
const fixedResult: Readonly<Record<string, true>> = { vector: true, absent: true, absent_over_time: true };

/** The labels that a PromQL expression's results may carry, as far as aggregations and matching tell. */
export function resultLabels(query: string): Labels {
  const text = (node: SyntaxNode): string => query.slice(node.from, node.to);

  function grouping(node: SyntaxNode | null): readonly string[] {
    return node?.getChildren('LabelName').map(text) ?? [];
  }

  function ofAggregate(node: SyntaxNode): Labels {
    const modifier = node.getChild('AggregateModifier');
    const labels = grouping(modifier?.getChild('GroupingLabels') ?? null);
    if (!modifier?.getChild('Without')) return new Set(labels);
    const operand = operands(node.getChild('FunctionCallBody')).at(-1);
    return operand ? of(operand).difference(new Set(labels)) : new Set();
  }

  function ofFunction(node: SyntaxNode): Labels {
    const identifier = node.getChild('FunctionIdentifier');
    const name = identifier ? text(identifier) : '';
    if (fixedResult[name]) return new Set();
    const args = operands(node.getChild('FunctionCallBody'));
    const vector = args.map(of).find((labels) => labels.size > 0) ?? new Set<string>();
    if (name === 'histogram_quantile') return vector.difference(new Set(['le']));
    const added = args[1];
    return name === 'label_replace' && added ? vector.union(new Set([text(added).slice(1, -1)])) : vector;
  }

  function ofBinary(node: SyntaxNode): Labels {
    const sides = operands(node);
    const [left, right] = [sides[0], sides[1]].map((side) => (side ? of(side) : new Set<string>()));
    if (!left || !right) return new Set();
    const operator = setOperators.find((name) => node.getChild(name));
    if (operator === 'Or') return left.union(right);
    if (operator) return left;
    if (left.size === 0 || right.size === 0) return left.union(right);
    const clause = node.getChild('MatchingModifierClause');
    const lists = clause?.getChildren('GroupingLabels') ?? [];
    if (clause?.getChild('GroupLeft')) return left.union(new Set(grouping(lists[1] ?? null)));
    if (clause?.getChild('GroupRight')) return right.union(new Set(grouping(lists[1] ?? null)));
    if (clause?.getChild('On')) return new Set(grouping(lists[0] ?? null));
    return left.intersection(right);
  }

  function of(node: SyntaxNode): Labels {
    switch (node.name) {
      case 'AggregateExpr':
        return ofAggregate(node);
      case 'FunctionCall':
        return ofFunction(node);
      case 'BinaryExpr':
        return ofBinary(node);
      case 'VectorSelector': {
        const identifier = node.getChild('Identifier');
        return (identifier && labelsOfSeries(text(identifier))) ?? new Set();
      }
      case 'StringLiteral':
      case 'NumberDurationLiteral':
        return new Set();
      default:
        return operands(node).map(of)[0] ?? new Set();
    }
  }

  const root = parser.parse(query).topNode.firstChild;
  return root ? of(root) : new Set();
}

const expressions = new Set([
  'AggregateExpr',
  'BinaryExpr',
  'FunctionCall',
  'MatrixSelector',
  'NumberDurationLiteral',
  'OffsetExpr',
  'ParenExpr',
  'StepInvariantExpr',
  'StringLiteral',
  'SubqueryExpr',
  'UnaryExpr',
  'VectorSelector',
]);

/** The direct children that are expressions themselves. */
export function operands(node: SyntaxNode | null): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild; child; child = child.nextSibling)
    if (expressions.has(child.name)) found.push(child);
  return found;
}
