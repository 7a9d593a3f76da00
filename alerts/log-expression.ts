import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode } from '@lezer/common';
import { extractedFields, metadataFields, selectable } from '../telemetry/query/check-logql.ts';
import { descendants } from '../telemetry/query/logql-tree.ts';
import {
  type LogqlQuery,
  renderQuery,
  type ThresholdValues,
  thresholdsOf,
  withThresholds,
} from '../telemetry/query/query.ts';
import { durationMs } from '../telemetry/query/scale-time.ts';

type Labels = ReadonlySet<string>;

const comparisons = ['Eql', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte'] as const;
const nothing: Labels = new Set();

/** The labels that a LogQL metric query's results may carry, as far as aggregations and matching tell. */
export function logResultLabels(query: string): Labels {
  const text = (node: SyntaxNode): string => query.slice(node.from, node.to);
  const names = (list: SyntaxNode | null | undefined, kind: string): Labels =>
    new Set(list ? descendants(list, kind).map(text) : []);

  function grouped(node: SyntaxNode, inner: () => Labels, ungrouped: Labels | undefined): Labels {
    const grouping = node.getChild('Grouping');
    if (!grouping) return ungrouped ?? inner();
    const labels = names(grouping.getChild('Labels'), 'Identifier');
    return grouping.getChild('Without') ? inner().difference(labels) : labels;
  }

  function ofBinary(node: SyntaxNode): Labels {
    const [left = nothing, right = nothing] = node.getChildren('Expr').map(of);
    if (node.getChild('Or')) return left.union(right);
    if (node.getChild('And') || node.getChild('Unless')) return left;
    if (left.size === 0 || right.size === 0) return left.union(right);
    const matching = node.getChild('BinOpModifier')?.getChild('OnOrIgnoringModifier');
    if (matching?.getChild('On')) return names(matching.getChild('GroupingLabels'), 'LabelName');
    return left.intersection(right);
  }

  function of(node: SyntaxNode): Labels {
    switch (node.name) {
      case 'RangeAggregationExpr': {
        const inner = (): Labels => selectable.union(metadataFields).union(extractedFields(query, node));
        return grouped(node, inner, undefined);
      }
      case 'VectorAggregationExpr': {
        const operand = node.getChild('MetricExpr');
        return grouped(node, () => (operand ? of(operand) : nothing), nothing);
      }
      case 'BinOpExpr':
        return ofBinary(node);
      case 'LabelReplaceExpr': {
        const [added] = node.getChildren('String').map(text);
        return added === undefined ? firstOf(node) : firstOf(node).union(new Set([added.slice(1, -1)]));
      }
      case 'LiteralExpr':
      case 'VectorExpr':
        return nothing;
      default:
        return node.firstChild ? firstOf(node) : nothing;
    }
  }

  function firstOf(node: SyntaxNode): Labels {
    const inner = node.getChild('Expr') ?? node.getChild('MetricExpr') ?? node.firstChild;
    return inner ? of(inner) : nothing;
  }

  return of(parser.parse(query).topNode);
}

/** No rule would write this number, so where it stands a threshold node was. */
const stand = 918_273_645.5;

/** Number literals that results or fields are compared with, but for 0, 1 and what came from a threshold node. */
export function logBareNumbers(query: LogqlQuery): readonly string[] {
  const stands: ThresholdValues = Object.fromEntries(thresholdsOf(query).map((name) => [name, stand]));
  const text = renderQuery(withThresholds(query, stands));
  const root = parser.parse(text).topNode;
  const compared = descendants(root, 'BinOpExpr')
    .filter((node) => comparisons.some((operator) => node.getChild(operator)))
    .flatMap((node) => node.getChildren('Expr'))
    .filter(isNumber)
    .flatMap((side) => descendants(side, 'Number'));
  const filtered = descendants(root, 'LabelFilter').flatMap((filter) => [
    ...descendants(filter, 'Number'),
    ...descendants(filter, 'Duration'),
    ...descendants(filter, 'Bytes'),
  ]);
  return [...compared, ...filtered]
    .map((literal) => text.slice(literal.from, literal.to))
    .filter((literal) => ![0, 1, stand].includes(Number(literal)));
}

/** Whether a side of a comparison is made of numbers alone. */
const isNumber = (side: SyntaxNode): boolean => descendants(side, 'LogRangeExpr').length === 0;

/** Milliseconds between the ruler's evaluations; a line must be in the window of two of them, or a late one is lost. */
const fewestWindowMs = 2 * 60_000;

/** Windows that are too short for the ruler's evaluation interval of a minute. */
export function shortLogWindows(query: string): readonly string[] {
  return descendants(parser.parse(query).topNode, 'Range')
    .flatMap((range) => range.getChildren('Duration'))
    .map((duration) => query.slice(duration.from, duration.to))
    .filter((window) => (durationMs(window) ?? 0) < fewestWindowMs);
}
