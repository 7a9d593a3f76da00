import {
  type Binary,
  type Expression,
  expressionsIn,
  isArithmetic,
  isComparison,
  isScalar,
  type Range,
  type Selector,
  selectorsIn,
} from '../../telemetry/query/promql-tree.ts';
import { ourMetric } from '../../telemetry/query/series-facts.ts';
import { ruleCheck } from './support/check.ts';

export const divisionByAbsent = ruleCheck('division-by-absent', 'SL1547', ({ tree }) => {
  if (!tree) return [];
  const guards = new Set(guardsIn(tree));
  return expressionsIn(tree)
    .filter((part): part is Binary => isArithmetic(part) && ['/', '%'].includes(part.operator))
    .filter((division) => !isSafe(division, guards))
    .map(({ right }) => ({
      what: `it divides by \`${right.text}\`, which can be 0 or missing while the dividend is not`,
      fix: 'guard it (`and <divisor> > …`, or `/ (<divisor> > 0)`), or divide a part by its whole',
    }));
});

/** What the whole expression only holds together with: `… and x > …`. */
function guardsIn(expression: Expression): readonly string[] {
  if (expression.kind !== 'binary' || expression.operator !== 'and') return [];
  const { left, right } = expression;
  const own = isComparison(right) && ['>', '>='].includes(right.operator) ? [right.left.text] : [];
  return [...own, ...guardsIn(left), ...guardsIn(right)];
}

function isSafe({ left, right }: Binary, guards: ReadonlySet<string>): boolean {
  if (isScalar(right)) return Number(right.text) !== 0;
  if (guards.has(right.text)) return true;
  if (isComparison(right) && !right.bool) return true;
  return isShare(left, right) || exposedTogether(left, right);
}

/** A part over its whole: when the whole is missing or 0, so is the part, and 0/0 satisfies no comparison. */
function isShare(part: Expression, whole: Expression): boolean {
  const parts = looks(part);
  const wholes = looks(whole);
  return (
    parts.length > 0 &&
    parts.every(({ selector, at }) =>
      wholes.some(
        (other) =>
          other.selector.name === selector.name && other.at === at && isWider(other.selector, selector),
      ),
    )
  );
}

const written = ({ matchers }: Selector): ReadonlySet<string> =>
  new Set(matchers.map(({ label, operator, value }) => `${label}${operator}${value}`));

const isWider = (wide: Selector, narrow: Selector): boolean => written(wide).isSubsetOf(written(narrow));

/** Selectors with the range and offset that they are looked at with. */
function looks(expression: Expression): readonly { readonly selector: Selector; readonly at: string }[] {
  const ranges = expressionsIn(expression).filter((part): part is Range => part.kind === 'range');
  return selectorsIn(expression).map((selector) => {
    const range = ranges.find(({ operand }) => operand === selector);
    return { selector, at: [range?.rangeMs, range?.modifier, selector.modifier].join(' ') };
  });
}

/** Both are gauges of one exporter, which shows them from its first scrape on: free and total space of a volume. */
function exposedTogether(left: Expression, right: Expression): boolean {
  const names = [...selectorsIn(left), ...selectorsIn(right)].map(({ name = '' }) => name);
  const exporters = new Set(names.map((name) => name.split('_').slice(0, 2).join('_')));
  return exporters.size === 1 && names.every((name) => name !== '' && ourMetric(name) === undefined);
}
