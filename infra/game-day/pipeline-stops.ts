import type { PipelineServiceName } from '../../telemetry/contract/pipeline.ts';
import { allow, budgetSpent } from './consequences.ts';
import type { Consequence, Expectation } from './expectation.ts';

const canarySees = allow(
  'log-canary',
  'its lines are not taken, or are found late, and once more where a crash interrupted the storing',
  'LogCanaryRefused',
  'LogCanaryLate',
  'LogCanaryUntidy',
);

/** Entries wait in the queue for whoever is away. */
const queueGrows = allow(
  'log-ingestor',
  'entries wait, and are brought to Loki when it is back',
  'LogQueueAgeing',
  'LogIngestorStuck',
  'LogPushesPaused',
  'HealthCheckFailing',
  'ErrorLogBurst',
  'ErrorsOfOneKind',
);

/** What the log pipeline notices when Loki is away: it takes entries, and cannot search. */
export const withoutLoki: readonly Consequence[] = [
  ...queueGrows,
  ...budgetSpent('log-ingestor', 'health'),
  ...allow(
    'log-gateway',
    'searches fail, the canary’s above all',
    'HighErrorRatio',
    'HighLatency',
    'ErrorLogBurst',
    'ErrorsOfOneKind',
  ),
  ...budgetSpent('log-gateway', 'ratio'),
  ...budgetSpent('log-gateway', 'latency'),
  ...canarySees,
];

const restarted = (service: PipelineServiceName): readonly Consequence[] => [
  ...allow(
    service,
    'a process takes as long as ever to start, while the alerts’ clock runs faster',
    'ServiceRestarting',
    'EventLoopLag',
    'HighLatency',
  ),
  ...budgetSpent(service, 'health'),
];

/** What the end of a process of the log pipeline raises. */
export const pipelineStops: Readonly<Record<PipelineServiceName, Expectation>> = {
  'log-gateway': {
    raises: [{ family: 'ServiceDown', service: 'log-gateway' }],
    allows: [...restarted('log-gateway'), ...budgetSpent('log-gateway', 'latency'), ...canarySees],
  },
  'log-ingestor': {
    raises: [{ family: 'ServiceDown', service: 'log-ingestor' }],
    allows: [...restarted('log-ingestor'), ...queueGrows, ...canarySees],
  },
  'log-canary': {
    raises: [{ family: 'LogCanaryGone', service: 'log-canary' }],
    allows: [...restarted('log-canary'), ...canarySees],
  },
};
