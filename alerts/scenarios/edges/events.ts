import type { LabelValue } from '../../../telemetry/contract/labels.ts';
import { constant, type Scenario, sample, subject } from '../scenario.ts';
import { type Pace, paced, plus } from './counter.ts';
import { shareEdges } from './share-edges.ts';

const topic = 'task-events';
const published = (outcome: LabelValue<'outcome'>, pace: Pace) =>
  sample('backend-api', 'events_published_total', { topic, outcome }, paced(pace));
const processed = (outcome: LabelValue<'outcome'>, values: string) =>
  sample('sync', 'events_processed_total', { topic, outcome }, values);
const lag = (values: string) => sample('sync', 'event_consumer_lag', { topic }, values);
const latency = (le: string, pace: Pace) =>
  sample('sync', 'event_latency_seconds_bucket', { topic, le }, paced(pace));
const stalled = { severity: 'warning', topic, ...subject('sync') } as const;

export const eventEdges: readonly Scenario[] = [
  ...shareEdges({
    family: 'EventPublishErrors',
    firing: { severity: 'warning', topic, ...subject('backend-api') },
    samples: (failed, fine) => [published('failure', failed), published('success', fine)],
    above: { part: 1, whole: 20 },
    guard: 0.02,
    window: 300,
    holds: 60,
  }),
  ...shareEdges({
    family: 'EventProcessingErrors',
    firing: stalled,
    samples: (failed, fine) => [processed('retry', paced(failed)), processed('success', paced(fine))],
    above: { part: 1, whole: 10 },
    guard: 0.02,
    window: 300,
    holds: 120,
  }),
  ...shareEdges({
    family: 'EventLatencyHigh',
    firing: stalled,
    samples: (late, quick) => [
      latency('5', quick),
      latency('10', plus(late, quick)),
      latency('+Inf', plus(late, quick)),
      sample('sync', 'event_latency_seconds_count', { topic }, paced(plus(late, quick))),
    ],
    above: { part: 1, whole: 20 },
    guard: 0.02,
    window: 300,
    holds: 300,
  }),
  {
    family: 'StalledConsumer',
    given: 'events began to wait, but not for long',
    samples: [lag('0x20 3x200'), processed('success', constant(10))],
    at: '705s',
    firing: [],
  },
  {
    family: 'StalledConsumer',
    given: 'events have waited long enough',
    samples: [lag('0x20 3x200'), processed('success', constant(10))],
    at: '765s',
    firing: [stalled],
  },
  {
    family: 'StalledConsumer',
    given: 'the last event was finished a while ago',
    samples: [lag(constant(3)), processed('success', '0+1x40 40x200')],
    at: '985s',
    firing: [],
  },
  {
    family: 'StalledConsumer',
    given: 'the last event was finished longer ago',
    samples: [lag(constant(3)), processed('success', '0+1x40 40x200')],
    at: '1065s',
    firing: [stalled],
  },
  {
    family: 'StalledConsumer',
    given: 'it restarts, and still finishes nothing',
    samples: [lag(constant(3)), processed('success', '50x60 0x180')],
    at: '20m',
    firing: [stalled],
  },
];
