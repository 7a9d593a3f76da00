import { counting, proofOf, restarting, type Samples, type Scenario, sample } from './scenario.ts';

const app_id = 'audit';
const about = { namespace: 'tasks', service: 'audit' } as const;
const component = 'pubsub';
const topic = 'task-events';
const target = { app_id, path: '/v1.0/publish', method: 'POST' } as const;

const answered = (status: string, values: string) =>
  sample('audit', 'dapr_http_server_request_count', { ...target, status }, values);
const took = (le: string, perScrape: number) =>
  sample('audit', 'dapr_http_server_latency_bucket', { ...target, status: '204', le }, counting(perScrape));
const published = (failed: number, done: number, values = counting): Samples => [
  sample(
    'audit',
    'dapr_component_pubsub_egress_count',
    { app_id, component, topic, success: 'false' },
    values(failed),
  ),
  sample(
    'audit',
    'dapr_component_pubsub_egress_count',
    { app_id, component, topic, success: 'true' },
    values(done),
  ),
];
const delivered = (failed: number, done: number, values = counting): Samples => [
  sample(
    'audit',
    'dapr_component_pubsub_ingress_count',
    { app_id, component, topic, process_status: 'retry' },
    values(failed),
  ),
  sample(
    'audit',
    'dapr_component_pubsub_ingress_count',
    { app_id, component, topic, process_status: 'success' },
    values(done),
  ),
];
const stored = (failed: number, done: number, values = counting): Samples => [
  sample(
    'audit',
    'dapr_component_state_count',
    { app_id, component: 'statestore', operation: { operator: '=', value: 'set' }, success: 'false' },
    values(failed),
  ),
  sample(
    'audit',
    'dapr_component_state_count',
    { app_id, component: 'statestore', operation: { operator: '=', value: 'set' }, success: 'true' },
    values(done),
  ),
];

const shareCases = (samples: typeof published) =>
  ({
    above: ['eight in a hundred fail', samples(8, 92)],
    quiet: [
      ['exactly one in twenty fails', samples(1, 19)],
      ['few fail and the sidecar restarts', samples(1, 30, restarting)],
      ['nothing is asked of it', samples(0, 0)],
    ],
  }) as const;

export const daprScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'DaprRequestErrors',
    about,
    above: [
      'eight requests in a hundred fail',
      [answered('500', counting(8)), answered('204', counting(92))],
    ],
    early: '4m',
    quiet: [
      ['exactly one in twenty fails', [answered('500', counting(1)), answered('204', counting(19))]],
      [
        'few fail and the sidecar restarts',
        [answered('500', restarting(1)), answered('204', restarting(30))],
      ],
      ['requests are wrong themselves', [answered('404', counting(50)), answered('204', counting(50))]],
      ['it is one request a minute', [answered('500', counting(0.25))]],
    ],
  }),
  ...proofOf({
    family: 'DaprLatencyHigh',
    about,
    above: [
      'one request in ten takes up to two seconds',
      [took('1000.0', 9), took('2000.0', 10), took('+Inf', 10), answered('204', counting(10))],
    ],
    early: '4m',
    quiet: [
      [
        'the 95th percentile is exactly a second',
        [
          took('500.0', 0),
          took('1000.0', 19),
          took('2000.0', 20),
          took('+Inf', 20),
          answered('204', counting(20)),
        ],
      ],
      [
        'one slow request a minute comes',
        [took('1000.0', 0), took('2000.0', 0.25), took('+Inf', 0.25), answered('204', counting(0.25))],
      ],
    ],
  }),
  ...proofOf({
    family: 'DaprPublishFailures',
    about: { ...about, component, topic },
    early: '90s',
    ...shareCases(published),
  }),
  ...proofOf({
    family: 'DaprDeliveryFailures',
    about: { ...about, component, topic },
    early: '4m',
    ...shareCases(delivered),
  }),
  ...proofOf({
    family: 'DaprStateFailures',
    about: { ...about, component: 'statestore' },
    early: '90s',
    ...shareCases(stored),
  }),
];
