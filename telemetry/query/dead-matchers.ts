import { type Expression, type LabelMatcher, type Selector, selectorsIn } from './promql-tree.ts';
import { closedValues, satisfies } from './series-facts.ts';

interface DeadMatcher {
  readonly selector: Selector;
  readonly matcher: LabelMatcher;
  /** The alternative that no value satisfies, and the values that the contract declares. */
  readonly part: string;
  readonly values: readonly string[];
}

/** Matchers, or alternatives of them, that no declared value satisfies. */
export const deadMatchers = (tree: Expression): readonly DeadMatcher[] =>
  selectorsIn(tree).flatMap((selector) =>
    selector.matchers.flatMap((matcher) =>
      deadParts(selector, matcher).map((dead) => ({ selector, matcher, ...dead })),
    ),
  );

/** The alternatives of a matcher that no declared value satisfies: they select nothing, or exclude nothing. */
function deadParts(
  { name }: Selector,
  { label, operator, value }: LabelMatcher,
): readonly { readonly part: string; readonly values: readonly string[] }[] {
  const values = closedValues(name, label);
  // An empty value asks whether the label is there; a hole is filled when an alert fires.
  if (!values || value === '' || /\{\{|\$/.test(value)) return [];
  const isRegex = operator.endsWith('~');
  const alternatives = isRegex && !/[()[\]]/.test(value) ? value.split('|') : [value];
  return alternatives
    .filter((part) => !values.some((candidate) => satisfies(candidate, isRegex ? '=~' : '=', part)))
    .map((part) => ({ part, values }));
}
