import type { SyntaxNode } from '@lezer/common';
import { resultLabels } from '../../telemetry/query/result-labels.ts';
import { mutations, nodesOf, type Piece, withoutMember } from './edit.ts';
import type { MutationOperator } from './operator.ts';

/**
 * Each label matcher of each selector taken away. One that stands in several selectors, on a label that the alert
 * keeps, goes from all of them: as long as one side of a join has it, the others need it for nothing but speed.
 */
export const dropMatcher: MutationOperator = {
  name: 'matcher dropped',
  mutate: (rule) => {
    const kept = resultLabels(rule.expr);
    const places = nodesOf(rule.expr, 'LabelMatchers').flatMap((list) => droppable(rule.expr, list));
    const groups = Map.groupBy(places, ({ label, matcher, piece }) =>
      kept.has(label) ? matcher : `${matcher} at ${piece.from}`,
    );
    return mutations(
      rule,
      [...groups.values()].map((group) => ({
        change: `${[...new Set(group.map(({ metric }) => metric))].join(', ')} lost ${group[0]?.matcher}`,
        pieces: group.map(({ piece }) => piece),
      })),
    );
  },
};

interface Place {
  readonly metric: string;
  readonly label: string;
  readonly matcher: string;
  readonly piece: Piece;
}

function droppable(expr: string, list: SyntaxNode): readonly Place[] {
  const text = (node: SyntaxNode | null | undefined): string => (node ? expr.slice(node.from, node.to) : '');
  const matchers = [
    ...list.getChildren('UnquotedLabelMatcher'),
    ...list.getChildren('QuotedLabelMatcher'),
  ].sort((a, b) => a.from - b.from);
  const quotedName = list.getChild('QuotedLabelName');
  const members = quotedName ? [quotedName, ...matchers] : matchers;
  const metric = text(list.parent?.getChild('Identifier') ?? quotedName);
  // A selector must not be empty.
  if (metric === '' && members.length < 2) return [];
  return matchers.map((matcher) => ({
    metric: metric || 'a selector',
    label: text(matcher.getChild('LabelName') ?? matcher.firstChild),
    matcher: text(matcher),
    piece: withoutMember(members, matcher),
  }));
}
