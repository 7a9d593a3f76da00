import type { LabelValue } from '../../telemetry/contract/labels.ts';
import { constant, counting, type Scenario, sample, subject } from './scenario.ts';

const topic = 'task-events';
const published = (outcome: LabelValue<'outcome'>, perScrape: number) =>
  sample('backend-api', 'events_published_total', { topic, outcome }, counting(perScrape));
const processed = (outcome: LabelValue<'outcome'>, perScrape: number) =>
  sample('sync', 'events_processed_total', { topic, outcome }, counting(perScrape));
const lag = (values: string) => sample('sync', 'event_consumer_lag', { topic }, values);
const deadLetters = (values: string) => sample('audit', 'event_dead_letters', { topic }, values);
const latency = (le: string, perScrape: number) =>
  sample('sync', 'event_latency_seconds_bucket', { topic, le }, counting(perScrape));
const finished = (perScrape: number) =>
  sample('sync', 'event_latency_seconds_count', { topic }, counting(perScrape));

const warning = (service: string) => ({ severity: 'warning', topic, ...subject(service) }) as const;

export const eventScenarios: readonly Scenario[] = [
  {
    family: 'EventPublishErrors',
    given: 'half the events cannot be published',
    samples: [published('failure', 5), published('success', 5)],
    at: '5m',
    firing: [{ severity: 'warning', topic, ...subject('backend-api') }],
  },
  {
    family: 'EventPublishErrors',
    given: 'one event in a hundred cannot',
    samples: [published('failure', 1), published('success', 99)],
    at: '10m',
    firing: [],
  },
  {
    family: 'EventPublishErrors',
    given: 'none has ever failed',
    samples: [published('success', 5)],
    at: '10m',
    firing: [],
  },
  {
    family: 'EventProcessingErrors',
    given: 'one delivery in four fails and is tried again',
    samples: [processed('retry', 1), processed('success', 3)],
    at: '5m',
    firing: [warning('sync')],
  },
  {
    family: 'EventProcessingErrors',
    given: 'one delivery in a hundred fails',
    samples: [processed('retry', 1), processed('success', 99)],
    at: '10m',
    firing: [],
  },
  {
    family: 'EventProcessingErrors',
    given: 'deliveries failed for a minute only',
    samples: [
      processed('success', 3),
      sample('sync', 'events_processed_total', { topic, outcome: 'retry' }, '0x20 0+1x3 4x200'),
    ],
    at: '10m',
    firing: [],
  },
  {
    family: 'EventLagHigh',
    given: 'one event more than the threshold waits',
    samples: [lag(constant(51))],
    at: '3m',
    firing: [warning('sync')],
  },
  {
    family: 'EventLagHigh',
    given: 'it has waited for less than two minutes',
    samples: [lag('0x20 200x200')],
    at: '420s',
    firing: [],
  },
  {
    family: 'EventLagHigh',
    given: 'exactly the threshold waits',
    samples: [lag(constant(50))],
    at: '10m',
    firing: [],
  },
  {
    family: 'StalledConsumer',
    given: 'events wait and nothing is processed',
    samples: [lag(constant(3)), processed('success', 0)],
    at: '10m',
    firing: [warning('sync')],
  },
  {
    family: 'StalledConsumer',
    given: 'it only retries',
    samples: [lag(constant(3)), processed('retry', 2)],
    at: '10m',
    firing: [warning('sync')],
  },
  {
    family: 'StalledConsumer',
    given: 'it works through a backlog',
    samples: [lag(constant(500)), processed('success', 20)],
    at: '15m',
    firing: [],
  },
  {
    family: 'StalledConsumer',
    given: 'there is nothing to do',
    samples: [lag(constant(0)), processed('success', 0)],
    at: '15m',
    firing: [],
  },
  {
    family: 'EventLatencyHigh',
    given: 'events are processed after half a minute',
    samples: [latency('10', 0), latency('30', 5), latency('+Inf', 5), finished(5)],
    at: '12m',
    firing: [warning('sync')],
  },
  {
    family: 'EventLatencyHigh',
    given: 'they are processed at once',
    samples: [latency('0.1', 5), latency('+Inf', 5), finished(5)],
    at: '15m',
    firing: [],
  },
  {
    family: 'DeadLetters',
    given: 'one event was given up',
    samples: [deadLetters('0x8 1x200')],
    at: '3m',
    firing: [warning('audit')],
  },
  {
    family: 'DeadLetters',
    given: 'the service restarts meanwhile',
    samples: [deadLetters('1x20 stale _x3 1x200')],
    at: '345s',
    firing: [warning('audit')],
  },
  {
    family: 'DeadLetters',
    given: 'there are none',
    samples: [deadLetters(constant(0))],
    at: '10m',
    firing: [],
  },
  {
    family: 'DeadLetters',
    given: 'they were dealt with',
    samples: [deadLetters('2x20 0x200')],
    at: '10m',
    firing: [],
  },
];
