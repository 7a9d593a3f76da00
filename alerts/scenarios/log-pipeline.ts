import { overflowScenarios } from './log-overflows.ts';
import { constant, counting, proofOf, restarting, type Scenario, sample, subject } from './scenario.ts';

const { cluster: _cluster, environment: _environment, ...ingestor } = subject('log-ingestor');
const gateway = { ...ingestor, service: 'log-gateway' };
const canary = { ...ingestor, service: 'log-canary' };

const age = (values: string) => sample('log-ingestor', 'log_queue_oldest_age_seconds', {}, values);
const entries = (values: string) => sample('log-ingestor', 'log_queue_entries', {}, values);
const processed = (values: string, service = 'log-ingestor') =>
  sample(service, 'log_events_processed_total', {}, values);
const paused = (values: string) => sample('log-ingestor', 'log_push_paused_organizations', {}, values);
const refused = (refusal: 'queue_full' | 'queue_failed' | 'invalid', values: string) =>
  sample('log-gateway', 'log_events_errors_total', { refusal }, values);
const untilFull = (values: string) => sample('log-gateway', 'log_queue_until_full_seconds', {}, values);
const letters = (values: string) => sample('log-ingestor', 'log_dead_letters', {}, values);
const damaged = (values: string) => sample('log-ingestor', 'log_queue_damaged_batches_total', {}, values);
const lines = (
  canary_verdict: 'acknowledged' | 'found' | 'missing' | 'late' | 'duplicate' | 'out_of_order',
  values: string,
) => sample('log-canary', 'log_canary_lines_total', { canary_verdict }, values);
const waitingLines = (values: string, instance?: string) =>
  sample('log-canary', 'log_canary_waiting_lines', {}, values, instance);
const waited = (values: string) => sample('log-canary', 'log_canary_oldest_waiting_seconds', {}, values);

export const pipelineScenarios: readonly Scenario[] = [
  ...overflowScenarios,
  ...proofOf({
    family: 'LogQueueAgeing',
    about: ingestor,
    above: ['the oldest batch has waited for two minutes', [age(constant(120))]],
    early: '105s',
    quiet: [['exactly the threshold', [age(constant(60))]]],
  }),
  ...proofOf({
    family: 'LogIngestorStuck',
    about: ingestor,
    above: ['entries wait and none is stored', [entries(constant(7)), processed(constant(100))]],
    early: '105s',
    quiet: [
      ['they are stored, slowly', [entries(constant(7)), processed(counting(1))]],
      ['through a restart', [entries(constant(7)), processed(restarting(1))]],
      ['nothing waits', [entries(constant(0)), processed(constant(100))]],
    ],
  }),
  {
    family: 'LogQueueFilling',
    given: 'it is full within minutes',
    samples: [untilFull(constant(600))],
    at: '20m',
    firing: [
      { severity: 'critical', ...subject('log-gateway') },
      { severity: 'warning', ...subject('log-gateway') },
    ],
  },
  {
    family: 'LogQueueFilling',
    given: 'it is full within minutes, but not for long',
    samples: [untilFull(constant(600))],
    at: '105s',
    firing: [],
  },
  {
    family: 'LogQueueFilling',
    given: 'it is full within minutes, for five',
    samples: [untilFull(constant(600))],
    at: '300s',
    firing: [{ severity: 'critical', ...subject('log-gateway') }],
  },
  {
    family: 'LogQueueFilling',
    given: 'exactly the time that somebody has to act now',
    samples: [untilFull(constant(1800))],
    at: '20m',
    firing: [{ severity: 'warning', ...subject('log-gateway') }],
  },
  {
    family: 'LogQueueFilling',
    given: 'just below the time that somebody has to act now',
    samples: [untilFull(constant(1799))],
    at: '20m',
    firing: [
      { severity: 'critical', ...subject('log-gateway') },
      { severity: 'warning', ...subject('log-gateway') },
    ],
  },
  {
    family: 'LogQueueFilling',
    given: 'just below the time that warns',
    samples: [untilFull(constant(21_599))],
    at: '20m',
    firing: [{ severity: 'warning', ...subject('log-gateway') }],
  },
  {
    family: 'LogQueueFilling',
    given: 'it is full within hours, but not for long',
    samples: [untilFull(constant(7200))],
    at: '585s',
    firing: [],
  },
  {
    family: 'LogQueueFilling',
    given: 'exactly the time that warns',
    samples: [untilFull(constant(21_600))],
    at: '20m',
    firing: [],
  },
  {
    family: 'LogIngestorStuck',
    given: 'only the gateway gets on with its work',
    samples: [entries(constant(7)), processed(constant(100)), processed(counting(50), 'log-gateway')],
    at: '20m',
    firing: [{ severity: 'warning', ...subject('log-ingestor') }],
  },
  ...proofOf({
    family: 'LogPushesPaused',
    about: ingestor,
    above: ['one organization waits', [paused(constant(1))]],
    early: '105s',
    quiet: [['none does', [paused(constant(0))]]],
  }),
  ...proofOf({
    family: 'LogEntriesRefused',
    about: gateway,
    above: ['the queue is full', [refused('queue_full', counting(10)), refused('queue_failed', constant(0))]],
    quiet: [
      ['exactly none', [refused('queue_full', constant(0)), refused('queue_failed', constant(0))]],
      ['entries are invalid', [refused('queue_full', constant(0)), refused('invalid', counting(10))]],
      ['it restarts', [refused('queue_full', '9x40 0x200')]],
    ],
  }),
  ...proofOf({
    family: 'LogDeadLetters',
    about: ingestor,
    above: ['there is one', [letters(constant(1))]],
    quiet: [['there is none', [letters(constant(0))]]],
  }),
  {
    family: 'LogDeadLetters',
    given: 'the ingestor restarts, and the dead letter is still there',
    samples: [letters('1x20 _x4 1x40')],
    at: '360s',
    firing: [{ severity: 'warning', ...subject('log-ingestor') }],
  },
  {
    family: 'LogDeadLetters',
    given: 'they were purged a while ago',
    samples: [letters('1x20 0x40')],
    at: '480s',
    firing: [],
  },
  ...proofOf({
    family: 'LogBatchesDamaged',
    severity: 'critical',
    about: ingestor,
    above: ['one batch is found damaged', [damaged('0x20 1x220')]],
    quiet: [
      ['none is', [damaged(constant(0))]],
      ['it restarts', [damaged('2x20 0x220')]],
    ],
  }),
  ...proofOf({
    family: 'LogCanaryMissing',
    severity: 'critical',
    about: canary,
    above: ['one line is missing', [lines('missing', '0x20 1x220'), lines('found', counting(15))]],
    quiet: [
      ['none is', [lines('missing', constant(0)), lines('found', counting(15))]],
      ['lines are duplicates', [lines('missing', constant(0)), lines('duplicate', counting(1))]],
      ['it restarts', [lines('missing', '2x20 0x220')]],
    ],
  }),
  ...proofOf({
    family: 'LogCanaryLate',
    about: canary,
    above: ['a line has not been found for two minutes', [waited(constant(120))]],
    early: '105s',
    quiet: [['exactly the threshold', [waited(constant(60))]]],
  }),
  ...proofOf({
    family: 'LogCanaryRefused',
    about: canary,
    above: ['nothing is acknowledged', [lines('acknowledged', constant(500))]],
    early: '60s',
    quiet: [
      ['lines are acknowledged', [lines('acknowledged', counting(15))]],
      ['through a restart', [lines('acknowledged', restarting(15))]],
      ['the last one was acknowledged a while ago', [lines('acknowledged', '0+15x50 750x200')]],
    ],
  }),
  {
    family: 'LogCanaryRefused',
    given: 'lines are missing and late, and none is acknowledged',
    samples: [lines('acknowledged', constant(500)), lines('late', counting(1))],
    at: '20m',
    firing: [{ severity: 'warning', ...subject('log-canary') }],
  },
  {
    family: 'LogCanaryGone',
    given: 'its target has vanished',
    samples: [waitingLines('3x40 _x200')],
    at: '20m',
    firing: [{ severity: 'warning', ...subject('log-canary') }],
  },
  {
    family: 'LogCanaryGone',
    given: 'it restarts, and is not back yet',
    samples: [waitingLines('3x40 stale _x4 0x200')],
    at: '660s',
    firing: [],
  },
  {
    family: 'LogCanaryGone',
    given: 'it has been gone since yesterday',
    samples: [waitingLines('3x60 stale')],
    every: '1m',
    at: '24h',
    firing: [{ severity: 'warning', ...subject('log-canary') }],
  },
  {
    family: 'LogCanaryGone',
    given: 'it has been gone for more than a day',
    samples: [waitingLines('3x60 stale')],
    every: '1m',
    at: '26h',
    firing: [],
  },
  {
    family: 'LogCanaryGone',
    given: 'one of two is gone',
    samples: [waitingLines('3x40 stale'), waitingLines(constant(0), 'log-canary:2')],
    at: '20m',
    firing: [],
  },
  ...proofOf({
    family: 'LogCanaryUntidy',
    severity: 'info',
    about: { ...canary, canary_verdict: 'duplicate' },
    above: ['a line is there twice', [lines('duplicate', '0x20 1x220'), lines('out_of_order', constant(0))]],
    quiet: [
      ['none is', [lines('duplicate', constant(0)), lines('out_of_order', constant(0))]],
      ['lines are missing', [lines('missing', counting(1)), lines('duplicate', constant(0))]],
      ['it restarts', [lines('duplicate', '2x20 0x220')]],
    ],
  }),
];
