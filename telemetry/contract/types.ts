/** The shapes that the contract's tables satisfy. Nothing here knows which metrics exist. */

/** A label and what may stand in it. Without `values` the set is open, and `maxValues` bounds it. */
export interface LabelDefinition {
  readonly description: string;
  /** The closed set of values; a value outside it is refused when a sample is recorded. */
  readonly values?: readonly string[];
  /** The part of the closed set that each service has, where it has not all of it. */
  readonly byService?: Readonly<Record<string, readonly string[]>>;
  /** Upper bound of distinct values in one service, for the cardinality budget. */
  readonly maxValues: number;
}

/** Prometheus base units, and counts of things. https://prometheus.io/docs/practices/naming/#base-units */
type Unit =
  | 'seconds'
  | 'bytes'
  | 'ratio'
  | 'requests'
  | 'connections'
  | 'messages'
  | 'events'
  | 'tasks'
  | 'reminders'
  | 'entries'
  | 'lines'
  | 'attempts'
  | 'operations'
  | 'processes'
  | 'restarts'
  | 'info'
  | 'boolean'
  | 'timestamp_seconds'
  | 'other';

export interface MetricDefinition<Label extends string, Service extends string> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly unit: Unit;
  readonly help: string;
  readonly labels: readonly Label[];
  /** Upper bounds in the metric's unit, ascending, without +Inf. Only histograms have them. */
  readonly buckets?: readonly number[];
  /** Who emits it. */
  readonly services: readonly Service[];
}

/** A number that a rule compares with and a panel draws. Environments may move it within its bounds. */
export interface ThresholdDefinition {
  readonly unit: Unit;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly description: string;
}

export interface LogFieldDefinition {
  readonly type: 'string' | 'number' | 'boolean' | 'timestamp' | 'object';
  readonly description: string;
  /**
   * How Loki keeps it: `label` (few values: selects streams), `metadata` (many values: structured metadata),
   * `line` (only in the line itself).
   */
  readonly storage: 'label' | 'metadata' | 'line';
  readonly required: boolean;
}

export interface EventDefinition<Service extends string> {
  readonly topic: string;
  readonly description: string;
  readonly publishers: readonly Service[];
  readonly subscribers: readonly Service[];
}
