import { constant, type Scenario, sample, subject } from '../scenario.ts';
import { gaugeEdges } from './gauge-edges.ts';
import { nowAndThen } from './now-and-then.ts';

const ingestor = { severity: 'warning', ...subject('log-ingestor') } as const;
const canary = subject('log-canary');
const lines = (canary_verdict: 'missing' | 'duplicate' | 'out_of_order', values: string) =>
  sample('log-canary', 'log_canary_lines_total', { canary_verdict }, values);
const entries = (values: string) => sample('log-ingestor', 'log_queue_entries', {}, values);
const processed = (values: string) => sample('log-ingestor', 'log_events_processed_total', {}, values);
const acknowledged = (values: string) =>
  sample('log-canary', 'log_canary_lines_total', { canary_verdict: 'acknowledged' }, values);

export const pipelineEdges: readonly Scenario[] = [
  ...gaugeEdges({
    family: 'LogQueueAgeing',
    firing: ingestor,
    samples: (values) => [sample('log-ingestor', 'log_queue_oldest_age_seconds', {}, values)],
    atMost: 60,
    beyond: 70,
    holds: 120,
  }),
  ...gaugeEdges({
    family: 'LogPushesPaused',
    firing: ingestor,
    samples: (values) => [sample('log-ingestor', 'log_push_paused_organizations', {}, values)],
    atMost: 0,
    beyond: 1,
    holds: 120,
  }),
  ...gaugeEdges({
    family: 'LogCanaryLate',
    firing: { severity: 'warning', ...canary },
    samples: (values) => [sample('log-canary', 'log_canary_oldest_waiting_seconds', {}, values)],
    atMost: 60,
    beyond: 70,
    holds: 120,
  }),
  ...nowAndThen({
    family: 'LogEntriesRefused',
    firing: { severity: 'warning', ...subject('log-gateway') },
    samples: (values) => [
      sample('log-gateway', 'log_events_errors_total', { refusal: 'queue_failed' }, values),
    ],
    window: 300,
    holds: 0,
  }),
  ...nowAndThen({
    family: 'LogBatchesDamaged',
    firing: { ...ingestor, severity: 'critical' },
    samples: (values) => [sample('log-ingestor', 'log_queue_damaged_batches_total', {}, values)],
    window: 3600,
    holds: 0,
  }),
  ...nowAndThen({
    family: 'LogProgressDamaged',
    firing: ingestor,
    samples: (values) => [sample('log-ingestor', 'log_queue_progress_damages_total', {}, values)],
    window: 3600,
    holds: 0,
  }),
  ...nowAndThen({
    family: 'LogStreamsOverflow',
    firing: { ...ingestor, severity: 'info', emitter: 'shop' },
    samples: (values) => [
      sample('log-ingestor', 'log_stream_overflows_total', { emitter: 'shop', tag: 'session' }, values),
    ],
    window: 1800,
    holds: 0,
  }),
  ...nowAndThen({
    family: 'LogServicesOverflow',
    firing: { ...ingestor, severity: 'info', organization: 'acme' },
    samples: (values) => [
      sample('log-ingestor', 'log_service_overflows_total', { organization: 'acme' }, values),
    ],
    window: 1800,
    holds: 0,
  }),
  ...nowAndThen({
    family: 'LogCanaryMissing',
    firing: { severity: 'critical', ...canary },
    samples: (values) => [lines('missing', values)],
    window: 1800,
    holds: 0,
  }),
  ...nowAndThen({
    family: 'LogCanaryUntidy',
    firing: { severity: 'info', ...canary, canary_verdict: 'out_of_order' },
    samples: (values) => [lines('out_of_order', values)],
    window: 1800,
    holds: 0,
  }),
  {
    family: 'LogIngestorStuck',
    given: 'entries began to wait, but not for long',
    samples: [entries('0x20 3x200'), processed(constant(10))],
    at: '705s',
    firing: [],
  },
  {
    family: 'LogIngestorStuck',
    given: 'entries have waited long enough',
    samples: [entries('0x20 3x200'), processed(constant(10))],
    at: '765s',
    firing: [ingestor],
  },
  {
    family: 'LogIngestorStuck',
    given: 'the last entry was stored a while ago',
    samples: [entries(constant(3)), processed('0+1x40 40x200')],
    at: '985s',
    firing: [],
  },
  {
    family: 'LogIngestorStuck',
    given: 'the last entry was stored longer ago',
    samples: [entries(constant(3)), processed('0+1x40 40x200')],
    at: '1065s',
    firing: [ingestor],
  },
  {
    family: 'LogCanaryRefused',
    given: 'the last line was acknowledged ten minutes ago, but not for long',
    samples: [acknowledged('0+15x40 600x200')],
    at: '1200s',
    firing: [],
  },
  {
    family: 'LogCanaryRefused',
    given: 'the last line was acknowledged longer ago',
    samples: [acknowledged('0+15x40 600x200')],
    at: '1275s',
    firing: [{ severity: 'warning', ...canary }],
  },
];
