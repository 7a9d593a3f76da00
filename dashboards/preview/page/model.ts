/** What a page is told about its surroundings. */
export interface PreviewConfig {
  /** Only where a Grafana answers. */
  readonly grafanaUrl?: string;
  /** Address of a trace with `{trace_id}` in it. */
  readonly traceUrl?: string;
  /** Whose page silences alerts. */
  readonly alertmanagerUrl?: string;
}

/** A saved query as the Explore page lists it. */
export interface ListedQuery {
  readonly id: string;
  readonly topic: string;
  readonly title: string;
  readonly question: string;
  readonly whenToUse: string;
  /** Ids of the alerts after which it is of use. */
  readonly alerts: readonly string[];
  readonly source: 'prometheus' | 'loki';
  /** With examples in place of parameters. */
  readonly expr: string;
  /** Whether there is something to see beside it. */
  readonly hasBeside: boolean;
  readonly parameters: readonly {
    readonly name: string;
    readonly description: string;
    readonly example: string;
  }[];
}

/** What the preview reads of a dashboard's JSON (schema v1). Everything it does not know it leaves alone. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly time?: { readonly from: string; readonly to: string };
  readonly refresh?: string;
  readonly panels: readonly PanelModel[];
  readonly templating: { readonly list?: readonly VariableModel[] };
  readonly annotations: { readonly list?: readonly AnnotationModel[] };
  readonly links?: readonly LinkModel[];
}

export interface LinkModel {
  readonly title: string;
  readonly url?: string;
  readonly targetBlank?: boolean;
  /** Adds what is selected in the variables. */
  readonly includeVars?: boolean;
  /** Adds the time range. */
  readonly keepTime?: boolean;
}

export interface AnnotationModel {
  readonly name: string;
  readonly enable: boolean;
  readonly iconColor: string;
  readonly expr?: string;
  readonly titleFormat?: string;
  readonly textFormat?: string;
}

export interface VariableModel {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly description?: string;
  /** 1 hides the label, 2 the whole control. */
  readonly hide?: number;
  readonly skipUrlSync?: boolean;
  readonly query?: string | { readonly query?: string };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly current?: {
    readonly text: string | readonly string[];
    readonly value: string | readonly string[];
  };
}

export interface DataSourceRef {
  readonly type?: string;
  readonly uid?: string;
}

export interface TargetModel {
  readonly refId: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly format?: string;
  readonly maxLines?: number;
  readonly exemplar?: boolean;
  readonly datasource?: DataSourceRef;
}

export interface PanelModel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly collapsed?: boolean;
  readonly panels?: readonly PanelModel[];
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: DataSourceRef;
  readonly links?: readonly LinkModel[];
  readonly targets?: readonly TargetModel[];
  readonly transformations?: readonly { readonly id: string; readonly options?: unknown }[];
  readonly options?: PanelOptions;
  readonly fieldConfig?: {
    readonly defaults: FieldConfig;
    readonly overrides: readonly Override[];
  };
}

interface PanelOptions {
  readonly content?: string;
  /** Of a text panel: `markdown`, `html` or `code`. */
  readonly mode?: string;
  readonly legend?: {
    readonly showLegend?: boolean;
    /** `list` or `table`. */
    readonly displayMode?: string;
    readonly calcs?: readonly string[];
  };
  readonly sortBy?: readonly { readonly displayName: string; readonly desc?: boolean }[];
  readonly color?: { readonly scheme?: string };
  readonly yAxis?: { readonly unit?: string };
  readonly graphMode?: string;
}

interface Override {
  readonly matcher: { readonly id: string; readonly options?: unknown };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}

export interface FieldConfig {
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly noValue?: string;
  readonly color?: { readonly mode: string; readonly fixedColor?: string };
  readonly thresholds?: { readonly steps: readonly ThresholdStep[] };
  readonly mappings?: readonly Mapping[];
  readonly links?: readonly LinkModel[];
  readonly custom?: CustomConfig;
}

interface ThresholdStep {
  readonly value: number | null;
  readonly color: string;
}

export interface Mapping {
  readonly type: string;
  readonly options: unknown;
}

interface CustomConfig {
  readonly drawStyle?: string;
  readonly lineWidth?: number;
  readonly fillOpacity?: number;
  readonly axisSoftMax?: number;
  readonly stacking?: { readonly mode?: string };
  readonly thresholdsStyle?: { readonly mode?: string };
}
