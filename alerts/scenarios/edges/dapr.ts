import { type Scenario, sample, subject } from '../scenario.ts';
import { type Pace, paced, plus } from './counter.ts';
import { shareEdges } from './share-edges.ts';

const app_id = 'audit';
const component = 'pubsub';
const topic = 'task-events';
const target = { app_id, path: '/v1.0/publish', method: 'POST' } as const;
const firing = { severity: 'warning', ...subject('audit') } as const;
const common = { above: { part: 1, whole: 20 }, window: 300 } as const;

const answered = (status: string, pace: Pace) =>
  sample('audit', 'dapr_http_server_request_count', { ...target, status }, paced(pace));
const took = (le: string, pace: Pace) =>
  sample('audit', 'dapr_http_server_latency_bucket', { ...target, status: '204', le }, paced(pace));
const published = (success: 'true' | 'false', pace: Pace) =>
  sample('audit', 'dapr_component_pubsub_egress_count', { app_id, component, topic, success }, paced(pace));
const delivered = (process_status: 'retry' | 'success', pace: Pace) =>
  sample(
    'audit',
    'dapr_component_pubsub_ingress_count',
    { app_id, component, topic, process_status },
    paced(pace),
  );
const stored = (success: 'true' | 'false', pace: Pace) =>
  sample(
    'audit',
    'dapr_component_state_count',
    { app_id, component: 'statestore', operation: { operator: '=', value: 'set' }, success },
    paced(pace),
  );

export const daprEdges: readonly Scenario[] = [
  ...shareEdges({
    ...common,
    family: 'DaprRequestErrors',
    firing,
    samples: (failed, fine) => [answered('500', failed), answered('204', fine)],
    guard: 0.1,
    holds: 300,
  }),
  ...shareEdges({
    ...common,
    family: 'DaprLatencyHigh',
    firing,
    samples: (slow, quick) => [
      took('1000.0', quick),
      took('2000.0', plus(slow, quick)),
      took('+Inf', plus(slow, quick)),
      answered('204', plus(slow, quick)),
    ],
    guard: 0.1,
    holds: 300,
  }),
  ...shareEdges({
    ...common,
    family: 'DaprPublishFailures',
    firing: { ...firing, component, topic },
    samples: (failed, fine) => [published('false', failed), published('true', fine)],
    holds: 120,
  }),
  ...shareEdges({
    ...common,
    family: 'DaprDeliveryFailures',
    firing: { ...firing, component, topic },
    samples: (failed, fine) => [delivered('retry', failed), delivered('success', fine)],
    holds: 300,
  }),
  ...shareEdges({
    ...common,
    family: 'DaprStateFailures',
    firing: { ...firing, component: 'statestore' },
    samples: (failed, fine) => [stored('false', failed), stored('true', fine)],
    holds: 120,
  }),
];
