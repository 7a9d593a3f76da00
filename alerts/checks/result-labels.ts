import { labelsOf } from '../result-labels.ts';
import { ruleCheck } from './support/check.ts';

export const resultLabels = ruleCheck('result-labels', 'SL1503', ({ tree, alert }) => {
  if (!tree) return [];
  const declared = new Set(alert.by);
  return [...labelsOf(tree).symmetricDifference(declared)].map((label) => ({
    what: declared.has(label)
      ? `the expression does not keep the label ${label}`
      : `the expression keeps the label ${label}, which \`by\` does not name`,
    fix: 'make `by` and the aggregation of the expression the same',
  }));
});
