import { polledRoutes } from '../../../telemetry/contract/routes.ts';
import { answered } from '../requests.ts';
import { type Samples, type Scenario, sample, subject } from '../scenario.ts';
import { type Pace, paced, steady } from './counter.ts';
import { looked } from './looks.ts';
import { rateEdges } from './rate-edges.ts';

const nobody = {
  family: 'WebSocketNoConnections',
  firing: { severity: 'warning', ...subject('backend-api') },
  holds: 300,
} as const;

const open = (values: string, service = 'backend-api'): Samples[number] =>
  sample(service, 'websocket_connections', {}, values);
const requests = (
  pace: Pace,
  ...rest: [route?: '/tasks' | (typeof polledRoutes)[number], service?: string]
): Samples[number] => answered('200', paced(pace), ...rest);
/** Somebody was connected at first, and then nobody. */
const left = '5 0x400';
const stranger = 'alert-history';

export const connectionEdges: readonly Scenario[] = [
  ...rateEdges({ ...nobody, samples: (pace) => [open(left), requests(pace)], above: 0.1, window: 300 }),
  looked(
    nobody,
    'people use it who have not been connected for an hour',
    [open(left), requests([[5, 400]])],
    4200,
    false,
  ),
  looked(
    nobody,
    'another program has no connections',
    [open(left, stranger), requests(steady(5), undefined, stranger)],
    1200,
    false,
  ),
  looked(
    nobody,
    'only probes and scrapes come',
    [open(left), ...polledRoutes.map((route) => requests(steady(30), route))],
    1200,
    false,
  ),
];
