import { type LabelMatcher, type Selector, selectorsIn } from '../../telemetry/query/promql-tree.ts';
import { ruleCheck } from './support/check.ts';
import { closedValues, satisfies } from './support/series-facts.ts';

export const deadMatcher = ruleCheck('dead-matcher', 'SL1546', ({ tree }) =>
  (tree ? selectorsIn(tree) : []).flatMap((selector) =>
    selector.matchers.flatMap((matcher) =>
      deadParts(selector, matcher).map(({ part, values }) => ({
        what: `${matcher.label}${matcher.operator}"${matcher.value}" in ${selector.name ?? 'the stream selector'}: ${part} is no value of ${matcher.label}`,
        fix: `use values that the contract declares: ${values.join(', ')}`,
      })),
    ),
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
