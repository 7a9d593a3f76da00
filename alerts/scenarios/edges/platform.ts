import { type Samples, type Scenario, sample, subject } from '../scenario.ts';
import { type Pace, paced, plus } from './counter.ts';
import { shareEdges } from './share-edges.ts';

const warning = (component: string) =>
  ({ severity: 'warning', ...subject(component, 'monitoring') }) as const;
const route = 'loki_api_v1_push';

const asked = (slow: Pace, quick: Pace): Samples => {
  const labels = { method: 'POST', route, status_code: '204', ws: 'false' } as const;
  const all = paced(plus(slow, quick));
  return [
    sample('loki', 'loki_request_duration_seconds_bucket', { ...labels, le: '1.0' }, paced(quick)),
    sample('loki', 'loki_request_duration_seconds_bucket', { ...labels, le: '1.5' }, all),
    sample('loki', 'loki_request_duration_seconds_bucket', { ...labels, le: '+Inf' }, all),
    sample('loki', 'loki_request_duration_seconds_count', labels, all),
  ];
};
const pushed = (slow: Pace, quick: Pace): Samples => {
  const labels = { host: 'loki:3100', status_code: '204' } as const;
  const all = paced(plus(slow, quick));
  return [
    sample('promtail', 'promtail_request_duration_seconds_bucket', { ...labels, le: '1.0' }, paced(quick)),
    sample('promtail', 'promtail_request_duration_seconds_bucket', { ...labels, le: '1.5' }, all),
    sample('promtail', 'promtail_request_duration_seconds_bucket', { ...labels, le: '+Inf' }, all),
  ];
};
const answers = (status_code: string, pace: Pace) =>
  sample(
    'promtail',
    'promtail_request_duration_seconds_count',
    { host: 'loki:3100', status_code },
    paced(pace),
  );
const evaluations = (missed: Pace, done: Pace): Samples => [
  sample('prometheus', 'prometheus_rule_group_iterations_missed_total', { rule_group: 'g' }, paced(missed)),
  sample(
    'prometheus',
    'prometheus_rule_group_iterations_total',
    { rule_group: 'g' },
    paced(plus(missed, done)),
  ),
];

export const platformEdges: readonly Scenario[] = [
  ...shareEdges({
    family: 'LokiLatencyHigh',
    firing: { ...warning('loki'), route },
    samples: asked,
    above: { part: 1, whole: 100 },
    guard: 0.1,
    window: 300,
    holds: 900,
  }),
  ...shareEdges({
    family: 'PromtailLatencyHigh',
    firing: warning('promtail'),
    samples: pushed,
    above: { part: 1, whole: 100 },
    window: 300,
    holds: 900,
  }),
  ...shareEdges({
    family: 'PromtailRequestErrors',
    firing: warning('promtail'),
    samples: (failed, fine) => [answers('500', failed), answers('204', fine)],
    above: { part: 1, whole: 10 },
    window: 300,
    holds: 600,
  }),
  ...shareEdges({
    family: 'PrometheusMissedEvaluations',
    firing: warning('prometheus'),
    samples: evaluations,
    above: { part: 1, whole: 10 },
    window: 300,
    holds: 600,
  }),
];
