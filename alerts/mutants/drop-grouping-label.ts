import { mutations, nodesOf, withoutMember } from './edit.ts';
import type { MutationOperator } from './operator.ts';

/** Each label taken out of each `by (…)` or `without (…)`. */
export const dropGroupingLabel: MutationOperator = {
  name: 'grouping label dropped',
  mutate: (rule) => {
    const { expr } = rule;
    const edits = nodesOf(expr, 'AggregateExpr').flatMap((aggregate) => {
      const operator = aggregate.getChild('AggregateOp');
      const name = operator ? expr.slice(operator.from, operator.to) : 'an aggregation';
      const list = aggregate.getChild('AggregateModifier')?.getChild('GroupingLabels');
      const labels = list?.getChildren('LabelName') ?? [];
      return labels.map((label) => ({
        change: `${name} lost the label ${expr.slice(label.from, label.to)}`,
        pieces: [withoutMember(labels, label)],
      }));
    });
    return mutations(rule, edits);
  },
};
