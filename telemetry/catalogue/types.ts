/** A metric that a third-party component exposes. */
export interface CatalogueMetric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}
