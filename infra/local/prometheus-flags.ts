import { scaleDuration } from '../../telemetry/query/scale-time.ts';

/** Waits that Prometheus keeps as flags, with their defaults; shortened like those in its files. */
const prometheusWaits = {
  // How long a series counts after its last sample.
  'query.lookback-delta': '5m',
  // How late targets are found after a start: until then each of them looks as if it were gone.
  'scrape.discovery-reload-interval': '5s',
  'rules.alert.for-grace-period': '10m',
  'rules.alert.for-outage-tolerance': '1h',
} as const;

/** None at the usual pace: the defaults hold. */
export const scaledFlags = (timeScale: number): readonly string[] =>
  timeScale === 1
    ? []
    : Object.entries(prometheusWaits).map(
        ([flag, duration]) => `--${flag}=${scaleDuration(duration, timeScale)}`,
      );

/**
 * How often a firing alert is sent again. Alertmanager forgets one that it has not heard of for four of these: with
 * the minute that is the default, the heart would beat on for four minutes after Prometheus has stopped. In a test
 * no shorter than a busy machine can keep.
 */
export const alertResendMs = (timeScale: number): number => Math.max(5000, Math.round(15_000 / timeScale));
