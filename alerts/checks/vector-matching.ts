import { type Binary, expressionsIn, isScalar } from '../../telemetry/query/promql-tree.ts';
import { labelsOf } from '../../telemetry/query/result-labels.ts';
import { type Finding, ruleCheck } from './support/check.ts';

const listed = (labels: Iterable<string>): string => [...labels].sort().join(', ') || 'no labels';

export const vectorMatching = ruleCheck('vector-matching', 'SL1560', ({ tree }) =>
  (tree ? expressionsIn(tree) : [])
    .filter((part) => part.kind === 'binary')
    .filter(({ operator, left, right }) => operator !== 'or' && ![left, right].some(isScalar))
    .flatMap(mismatch),
);

/** Two results match when their labels are the same, or those that the expression names. */
function mismatch({ left, right, matching }: Binary): readonly Finding[] {
  const sides = [labelsOf(left), labelsOf(right)] as const;
  const [before, after] = sides;
  if (matching?.kind === 'on') {
    const missing = matching.labels.filter((label) => !sides.every((labels) => labels.has(label)));
    return missing.map((label) => ({
      what: `it matches on ${label}, which one side does not carry`,
      fix: 'match on labels that both sides keep',
    }));
  }
  const ignored = new Set(matching?.labels ?? []);
  const differing = before.symmetricDifference(after).difference(ignored);
  return differing.size === 0
    ? []
    : [
        {
          what: `\`${left.text}\` carries ${listed(before)} and \`${right.text}\` carries ${listed(after)}: nothing matches`,
          fix: 'aggregate both sides to the same labels, or say `on (…)`',
        },
      ];
}
