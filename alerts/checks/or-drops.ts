import { type Binary, expressionsIn } from '../../telemetry/query/promql-tree.ts';
import { labelsOf } from '../result-labels.ts';
import { canBeEmpty } from './always-fires.ts';
import { type Finding, ruleCheck } from './support/check.ts';

export const orDrops = ruleCheck('or-drops', 'SL1551', ({ tree }) =>
  (tree ? expressionsIn(tree) : [])
    .filter((part) => part.kind === 'binary')
    .filter(({ operator }) => operator === 'or')
    .flatMap(findings),
);

function findings({ left, right }: Binary): readonly Finding[] {
  const sides = [labelsOf(left), labelsOf(right)] as const;
  // A side without any label is a default for when the other is empty.
  if (sides.some((labels) => labels.size === 0)) return [];
  const [before, after] = sides.map((labels) => [...labels].sort().join(', '));
  if (before !== after)
    return [
      {
        what: `the sides of \`or\` carry different labels (${before}; ${after}): one subject alerts twice`,
        fix: 'aggregate both sides to the same labels, or write two rules',
      },
    ];
  // Conditions are alternatives: whichever holds, it is the same alert. So is what stands in for a missing value.
  return canBeEmpty(left)
    ? []
    : [
        {
          what: `\`or\` drops \`${right.text}\` wherever its left side has a result with the same ${before}`,
          fix: 'add them, select both with one matcher, or compare each side before the `or`',
        },
      ];
}
