import { comparisonsOf } from './comparisons.ts';
import { mutations } from './edit.ts';
import type { Breakable, Mutation } from './operator.ts';

/** Puts another operator in place of each comparison that the table names. */
export function replaceComparison(
  rule: Breakable,
  replacements: Readonly<Record<string, string>>,
): readonly Mutation[] {
  const { expr } = rule;
  const edits = comparisonsOf(expr).flatMap(({ operator: { from, to } }) => {
    const before = expr.slice(from, to);
    const after = replacements[before];
    const right = expr.slice(to).trim().split(/[\s)]/, 1)[0] ?? '';
    return after === undefined
      ? []
      : [{ change: `${before} ${right} became ${after} ${right}`, pieces: [{ from, to, text: after }] }];
  });
  return mutations(rule, edits);
}
