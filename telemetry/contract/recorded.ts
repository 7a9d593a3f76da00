/**
 * Series that Prometheus itself writes by recording rules (`alerts/recording.ts`), named `level:metric:operations`
 * (https://prometheus.io/docs/practices/rules/). Declared here so that alerts and panels can select them, typed.
 */
interface RecordedSeries {
  readonly type: 'gauge';
  readonly help: string;
  /** All of its labels: what an aggregation leaves has no other labels of the target. */
  readonly labels: readonly string[];
}

const serviceLabels = ['cluster', 'environment', 'namespace', 'service'] as const;

/** What tells one service's objective from another's. */
export const sloLabels = [...serviceLabels, 'slo'] as const;

/** Windows of burn rates beside the five minutes that all are counted in. */
export const burnWindows = ['30m', '1h', '2h', '6h', '1d', '3d'] as const;

/** The same and the SLO's own period, which differs by environment. */
type SloWindow = (typeof burnWindows)[number] | '_period';

interface SloGauge {
  readonly type: 'gauge';
  readonly help: string;
  readonly labels: typeof sloLabels;
}

const gauge = (help: string): SloGauge => ({ type: 'gauge', help, labels: sloLabels });

function perWindow<Prefix extends string>(
  prefix: Prefix,
  help: string,
): Readonly<Record<`${Prefix}${SloWindow}`, SloGauge>> {
  const entries = [...burnWindows, '_period' as const].map((window) => [
    `${prefix}${window}`,
    gauge(`${help} ${window === '_period' ? 'the SLO’s period' : window}`),
  ]);
  return Object.fromEntries(entries) as Record<`${Prefix}${SloWindow}`, SloGauge>;
}

export const recorded = {
  'service:up:max': {
    type: 'gauge',
    help: '1 when a scrape of an instance of the service succeeded, 0 when all failed',
    labels: serviceLabels,
  },
  'slo:events:count5m': gauge('Events that count for the SLO (requests, health checks) in 5m'),
  'slo:bad_events:count5m': gauge('Those of them that were bad in 5m'),
  'slo:errors:ratio5m': gauge('Share of bad events in 5m; absent without events'),
  ...perWindow('slo:events:count', 'Events that count for the SLO in'),
  ...perWindow('slo:bad_events:count', 'Those of them that were bad in'),
  ...perWindow('slo:errors:ratio', 'Share of bad events, absent without events, in'),
  'slo:objective:ratio': { type: 'gauge', help: 'Share of good events that is promised', labels: ['slo'] },
  'slo:attainment:ratio_period': gauge('Share of good events in the SLO’s period'),
  'slo:error_budget_remaining:ratio_period': gauge(
    'Share of the error budget that is left of the SLO’s period; negative when overspent',
  ),
} as const satisfies Record<string, RecordedSeries>;

export type RecordedName = keyof typeof recorded;
