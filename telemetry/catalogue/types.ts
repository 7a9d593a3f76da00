/** A metric that a third-party component exposes. */
export interface CatalogueMetric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Where the component says less of its type than is known. */
  readonly exposedAs?: 'untyped';
  readonly help: string;
  /** Its own labels; those that every target carries (`namespace`, `pod`, …) go without saying. */
  readonly labels: readonly string[];
}

/** Where the names and labels of a component that is not run here were read. */
interface MetricSource {
  /** Version of the component that it holds for. */
  readonly version: string;
  /** Files, each with its repository and the release or commit at which it was read. */
  readonly files: readonly string[];
}

/** A component, and how its entries are known to be right. */
export type CatalogueComponent = {
  readonly title: string;
  readonly metrics: Readonly<Record<string, CatalogueMetric>>;
} & (
  | {
      /** The product of infra/versions.ts: `npm run verify:catalogue` runs that version and looks. */
      readonly pinnedAs: string;
      readonly source?: never;
    }
  | {
      /** Absent where no version is pinned, because nothing here deploys it. */
      readonly pinnedAs?: string;
      readonly source: MetricSource;
    }
);
