import { answered } from './requests.ts';
import { constant, counting, proofOf, restarting, type Scenario, sample } from './scenario.ts';

const backend = { namespace: 'tasks', service: 'backend-api' } as const;
const reconnects = (values: string) => sample('backend-api', 'websocket_reconnects_total', {}, values);
const open = (values: string, instance?: string) =>
  sample('backend-api', 'websocket_connections', {}, values, instance);
const requests = (values: string, route: '/tasks' | '/health' = '/tasks') => answered('200', values, route);

export const connectionScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'WebSocketReconnectStorm',
    about: backend,
    above: ['twenty clients reconnect between two scrapes', [reconnects(counting(20))]],
    early: '4m',
    quiet: [
      ['exactly one a second does', [reconnects(counting(15))]],
      ['a few do, and the service restarts', [reconnects(restarting(14))]],
    ],
  }),
  ...proofOf({
    family: 'WebSocketNoConnections',
    about: backend,
    above: ['all connections went and requests go on', [open('0x2 5x8 0x230'), requests(counting(5))]],
    early: '6m',
    quiet: [
      [
        'one of two instances has connections',
        [open('5x240'), open('3x10 0x230', 'backend-api:2'), requests(counting(5))],
      ],
      ['nobody has ever connected', [open(constant(0)), requests(counting(5))]],
      [
        'nobody uses the service',
        [open('5x10 0x230'), requests(counting(1), '/health'), requests(counting(0.5))],
      ],
    ],
  }),
];
