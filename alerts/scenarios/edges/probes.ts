import { constant, type Scenario, sample, subject } from '../scenario.ts';
import { gaugeEdges } from './gauge-edges.ts';
import { looked } from './looks.ts';

const inside = 'http://sync.tasks.svc:8003/health';
const outside = 'https://tasks.example.com/tasks';

const probed = (service: 'sync' | 'backend-api', instance: string, values: string) =>
  sample(service, 'probe_success', {}, values, instance);

const failing = {
  family: 'ProbeFailing',
  firing: { severity: 'warning', instance: inside, ...subject('sync') },
  holds: 120,
} as const;

export const probeEdges: readonly Scenario[] = [
  ...gaugeEdges({
    ...failing,
    samples: (values) => [probed('sync', inside, values)],
    atMost: 1,
    beyond: 0,
  }),
  looked(
    failing,
    'one address of two does not answer',
    [probed('sync', inside, constant(0)), probed('backend-api', outside, constant(1))],
    600,
    true,
  ),
  {
    family: 'ProbeFailing',
    given: 'the same service answers within the cluster, and not from outside',
    samples: [
      probed('backend-api', 'http://backend-api.tasks.svc:8000/health', constant(1)),
      probed('backend-api', outside, constant(0)),
    ],
    at: '5m',
    firing: [{ severity: 'warning', instance: outside, ...subject('backend-api') }],
  },
  looked(
    failing,
    'it fails once and again, and answers in between',
    [probed('sync', inside, '0x4 1 0x4 1 0x4 1 0x4 1 0x4 1 0x4 1x100')],
    420,
    false,
  ),
];
