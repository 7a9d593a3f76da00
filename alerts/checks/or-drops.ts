import {
  type Binary,
  type Expression,
  expressionsIn,
  isArithmetic,
} from '../../telemetry/query/promql-tree.ts';
import { labelsOf } from '../../telemetry/query/result-labels.ts';
import { canBeEmpty } from './always-fires.ts';
import { type Finding, ruleCheck } from './support/check.ts';

export const orDrops = ruleCheck('or-drops', 'SL1551', ({ tree }) =>
  (tree ? expressionsIn(tree) : [])
    .filter((part) => part.kind === 'binary')
    .filter(({ operator }) => operator === 'or')
    .flatMap(findings),
);

function findings({ left, right, matching }: Binary): readonly Finding[] {
  const sides = [labelsOf(left), labelsOf(right)] as const;
  // A side without any label is a default for when the other is empty.
  if (sides.some((labels) => labels.size === 0)) return [];
  const compared = sides.map((labels) => subjectOf(labels, matching));
  const [before, after] = compared.map((labels) => [...labels].sort().join(', '));
  if (before !== after)
    return [
      {
        what: `the sides of \`or\` carry different labels (${before}; ${after}): one subject alerts twice`,
        fix: 'aggregate both sides to the same labels, or write two rules',
      },
    ];
  // Conditions are alternatives: whichever holds, it is the same alert. So is what stands in for a missing value, `0 * …` above all.
  return canBeEmpty(left) || isZero(right)
    ? []
    : [
        {
          what: `\`or\` drops \`${right.text}\` wherever its left side has a result with the same ${before}`,
          fix: 'add them, select both with one matcher, or compare each side before the `or`',
        },
      ];
}

/** The labels by which a result of one side is taken for one of the other. */
function subjectOf(labels: ReadonlySet<string>, matching: Binary['matching']): ReadonlySet<string> {
  const named = new Set(matching?.labels ?? []);
  if (matching?.kind === 'on') return named;
  return labels.difference(named);
}

/** Nothing but zeros, for every subject that another series knows. */
const isZero = (expression: Expression): boolean =>
  isArithmetic(expression) &&
  expression.operator === '*' &&
  [expression.left, expression.right].some(({ kind, text }) => kind === 'number' && Number(text) === 0);
