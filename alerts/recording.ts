import type { RecordedName } from '../telemetry/contract/recorded.ts';
import type { PromqlQuery } from '../telemetry/query/query.ts';
import type { Duration } from '../telemetry/query/scale-time.ts';
import type { Suppression } from './rule.ts';

/** A series that Prometheus writes by itself: what several rules or panels ask for is evaluated once. */
export interface RecordingRule {
  /** Declared in `telemetry/contract/recorded.ts`, with the labels that the expression keeps and those added here. */
  readonly record: RecordedName;
  readonly expr: PromqlQuery;
  readonly labels?: Readonly<Record<string, string>>;
  /** Checks that do not apply, each with its reason. */
  readonly allow?: readonly Suppression[];
}

/** Rules that are evaluated in order: one may read what those before it have just recorded. */
export interface RecordingGroup {
  /** In kebab-case, unique. */
  readonly name: string;
  /** How often it is evaluated; every `scrapeInterval` by default. */
  readonly interval?: Duration;
  readonly rules: readonly RecordingRule[];
}
