import type { Moment } from './gauges.ts';
import { chance } from './noise.ts';
import type { Labels } from './series.ts';

/** How much a counter grows in a second. */
type Rate = (moment: Moment) => number;

const steady =
  (base: number, more: number): Rate =>
  ({ noise }) =>
    base + more * noise;

/** The first pattern that a name matches says how fast it grows; others a few times a second. */
const rates: readonly (readonly [name: RegExp, rate: Rate])[] = [
  [/^process_cpu_seconds_total$/, ({ noise, trouble }) => 0.02 + 0.06 * noise + 0.3 * trouble],
  [
    /^node_cpu_seconds_total$/,
    ({ labels, noise }) => (labels.mode === 'idle' ? 0.74 - 0.2 * noise : 0.06 + 0.05 * noise),
  ],
  [/^container_cpu_cfs_periods_total$/, () => 10],
  [/^container_cpu_cfs_throttled_periods_total$/, ({ noise }) => 0.9 * noise],
  [/^kube_pod_container_status_restarts_total$/, ({ labels }) => (labels.pod === 'sync-0' ? 1 / 300 : 0)],
  [/head_samples_appended_total$/, steady(900, 60)],
  [/lines_received_total$|read_lines_total$/, steady(4, 4)],
  [/rule_evaluations_total$|group_iterations_total$/, steady(0.13, 0)],
  [/notifications_(?:sent_)?total$/, steady(0.01, 0.04)],
  [/^websocket_disconnects_total$/, steady(0.01, 0.06)],
  [/^websocket_reconnects_total$/, ({ noise, trouble }) => 0.02 * noise + 0.1 * trouble],
  // A healthy stack counts none of these.
  [/fail|error|dropped|missed|exceeded|panic|full|oom_kill|unparsed/, () => 0],
];

/** The part of all that has this value, and how much larger it is when there is trouble. */
const shares: Readonly<Record<string, readonly [calm: number, inTrouble: number]>> = {
  'outcome=failure': [0.003, 0.12],
  'outcome=retry': [0.005, 0.1],
  'outcome=dead_letter': [0.0002, 0],
  'http_response_status_code=401': [0.01, 0],
  'http_response_status_code=404': [0.008, 0],
  'http_response_status_code=500': [0.001, 0.14],
  'status=500': [0.002, 0],
  'status_code=500': [0.001, 0],
  'success=false': [0.003, 0],
  'process_status=retry': [0.004, 0],
  'process_status=drop': [0.0005, 0],
  'level=DEBUG': [0, 0],
  'level=WARNING': [0.03, 0.1],
  'level=ERROR': [0.002, 0.2],
  'level=CRITICAL': [0, 0],
  'reason=dropped': [0.1, 0.9],
  'reason=slow_client': [0.02, 0],
  'reason=error': [0.01, 0.1],
  'reason=server_shutdown': [0, 0],
};

/** What the values of the labels leave of it, as factors. */
const factors = (labels: Labels): readonly (readonly [calm: number, inTrouble: number])[] =>
  Object.entries(labels).flatMap(([label, value]) => {
    const share = shares[`${label}=${value}`];
    return share ? [share] : [];
  });

/** What tells one series of a name from another in how busy it is. */
const busyness = (name: string, { service, http_route: route }: Labels): number =>
  chance(`${name} ${service} ${route}`);

/** @returns growth a second of a series */
export function growth(name: string, labels: Labels): Rate {
  const known = rates.find(([pattern]) => pattern.test(name))?.[1];
  const usual = 0.6 + 4 * busyness(name, labels);
  const parts = factors(labels);
  return (moment) =>
    parts.reduce(
      (rate, [calm, inTrouble]) => rate * (calm + inTrouble * moment.trouble),
      known?.(moment) ?? usual * (0.6 + 0.8 * moment.noise),
    );
}

/** Share of a histogram's samples up to a bound: log-normal around a median, in the metric's own unit. */
export function shareUpTo(bound: number, name: string, labels: Labels, bounds: readonly number[]): Rate {
  if (!Number.isFinite(bound)) return () => 1;
  const usual = bounds[Math.floor(bounds.length * 0.25)] ?? 1;
  const calm = usual * (0.5 + busyness(name, labels));
  return ({ noise, trouble }) => {
    const median = calm * (0.8 + 0.5 * noise) * (1 + 16 * trouble);
    // The logistic curve that is close to the normal one.
    return 1 / (1 + Math.exp((-1.702 * Math.log(bound / median)) / 0.8));
  };
}
