import { constant, proofOf, type Scenario, sample, subject } from './scenario.ts';

const { cluster: _cluster, environment: _environment, ...ingestor } = subject('log-ingestor');
const progress = (values: string) => sample('log-ingestor', 'log_queue_progress_damages_total', {}, values);
const streams = (values: string) =>
  sample('log-ingestor', 'log_stream_overflows_total', { emitter: 'shop', tag: 'session' }, values);
const crowded = (values: string) =>
  sample('log-ingestor', 'log_service_overflows_total', { organization: 'acme' }, values);

/** What the ingestor says of senders that would make too many streams, and of its own notes. */
export const overflowScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'LogProgressDamaged',
    about: ingestor,
    above: ['a note is found damaged', [progress('0x20 1x220')]],
    quiet: [
      ['none is', [progress(constant(0))]],
      ['it restarts', [progress('2x20 0x220')]],
    ],
  }),
  ...proofOf({
    family: 'LogStreamsOverflow',
    severity: 'info',
    about: { ...ingestor, emitter: 'shop' },
    above: ['one entry is one too many', [streams('0x20 1x220')]],
    quiet: [
      ['none is', [streams(constant(0))]],
      ['only an organization has too many services', [streams(constant(3)), crowded('0x20 1x220')]],
      ['it restarts', [streams('2x20 0x220')]],
    ],
  }),
  ...proofOf({
    family: 'LogServicesOverflow',
    severity: 'info',
    about: { ...ingestor, organization: 'acme' },
    above: ['one entry is one too many', [crowded('0x20 1x220')]],
    quiet: [
      ['none is', [crowded(constant(0))]],
      ['only a service has too many streams', [crowded(constant(3)), streams('0x20 1x220')]],
      ['it restarts', [crowded('2x20 0x220')]],
    ],
  }),
];
