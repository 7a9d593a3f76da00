import { labelsOf } from '../../telemetry/query/result-labels.ts';
import { logResultLabels } from '../log-expression.ts';
import { isLogRule } from '../rule.ts';
import { alertCheck } from './support/check.ts';

export const resultLabels = alertCheck('result-labels', 'SL1503', ({ tree, text, alert }) => {
  if (!tree) return [];
  const declared = new Set(alert.by);
  return [...(isLogRule(alert) ? logResultLabels(text) : labelsOf(tree)).symmetricDifference(declared)].map(
    (label) => ({
      what: declared.has(label)
        ? `the expression does not keep the label ${label}`
        : `the expression keeps the label ${label}, which \`by\` does not name`,
      fix: 'make `by` and the aggregation of the expression the same',
    }),
  );
});
