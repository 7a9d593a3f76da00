import type { RecordingGroup } from '../../alerts/recording.ts';
import { renderQuery, type ThresholdValues } from '../../telemetry/query/query.ts';
import { scaleDuration, scaleQueryTime } from '../../telemetry/query/scale-time.ts';

interface PrometheusRecording {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A group of recording rules as Prometheus (and the operator's PrometheusRule) spells it. */
export interface PrometheusRecordingGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly PrometheusRecording[];
}

export interface RecordingOptions {
  /** Values that differ from the contract's defaults. */
  readonly thresholds: ThresholdValues;
  /** Windows and intervals are divided by this; 1 everywhere but in tests. */
  readonly timeScale: number;
}

/** In the order of declaration. Names keep their windows when time is scaled: what reads them stays the same. */
export function recordingGroups(
  groups: readonly RecordingGroup[],
  { thresholds, timeScale }: RecordingOptions,
): readonly PrometheusRecordingGroup[] {
  return groups.map(({ name, interval, rules }) => ({
    name: `sightline.recording.${name}`,
    ...(interval && { interval: scaleDuration(interval, timeScale) }),
    rules: rules.map(({ record, expr, labels }) => ({
      record,
      expr: scaleQueryTime(renderQuery(expr, thresholds), timeScale),
      ...(labels && { labels }),
    })),
  }));
}
