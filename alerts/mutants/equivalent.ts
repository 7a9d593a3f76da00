/** A mutant that no scenario can tell from the rule, and why. It counts as a survivor all the same. */
export interface DeclaredEquivalent {
  /** The rule's name and severity: `HighErrorRatio-warning`. */
  readonly rule: string;
  readonly operator: string;
  /** As the report words it. */
  readonly change: string;
  readonly because: string;
}

export const declaredEquivalents: readonly DeclaredEquivalent[] = [
  {
    rule: 'PrometheusNotConnectedToAlertmanager-critical',
    operator: 'threshold halved',
    change: '1 became 0.5',
    because: 'Alertmanagers are counted in whole numbers: fewer than one is none',
  },
];
