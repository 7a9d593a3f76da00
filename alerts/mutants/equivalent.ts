/** A mutant that no scenario can tell from the rule, and why. It counts as a survivor all the same. */
export interface DeclaredEquivalent {
  /** The rule's name and severity: `HighErrorRatio-critical`. */
  readonly rule: string;
  readonly operator: string;
  /** As the report words it. */
  readonly change: string;
  readonly because: string;
}

export const declaredEquivalents: readonly DeclaredEquivalent[] = [];
