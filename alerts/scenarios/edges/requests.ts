import { answered } from '../requests.ts';
import { type Samples, type Scenario, sample, subject } from '../scenario.ts';
import { type Pace, paced, plus, steady } from './counter.ts';
import { rateEdges } from './rate-edges.ts';
import { shareEdges } from './share-edges.ts';

const warning = (service: string) => ({ severity: 'warning', ...subject(service) }) as const;
const stranger = 'alert-history';

const requests = (status: string, pace: Pace, ...rest: [route?: '/tasks' | '/health', service?: string]) =>
  answered(status, paced(pace), ...rest);
const statements = (slow: Pace, quick: Pace, service = 'audit'): Samples => {
  const labels = { db_operation_name: 'INSERT', outcome: 'success' } as const;
  const all = plus(slow, quick);
  return [
    sample(service, 'db_client_operation_duration_seconds_bucket', { ...labels, le: '0.25' }, paced(quick)),
    sample(service, 'db_client_operation_duration_seconds_bucket', { ...labels, le: '0.5' }, paced(all)),
    sample(service, 'db_client_operation_duration_seconds_bucket', { ...labels, le: '+Inf' }, paced(all)),
    sample(service, 'db_client_operation_duration_seconds_count', labels, paced(all)),
  ];
};
const quiet = (family: string, given: string, samples: Samples): Scenario => ({
  family,
  given,
  samples,
  at: '20m',
  firing: [],
});

export const requestEdges: readonly Scenario[] = [
  ...shareEdges({
    family: 'UnauthorizedRequests',
    firing: warning('backend-api'),
    samples: (refused, fine) => [requests('401', refused), requests('200', fine)],
    above: { part: 1, whole: 4 },
    guard: 0.1,
    window: 300,
    holds: 300,
  }),
  quiet('UnauthorizedRequests', 'another program refuses', [
    requests('401', steady(30), undefined, stranger),
  ]),
  quiet('UnauthorizedRequests', 'everything is refused, which is little beside the health checks', [
    requests('401', steady(0.25)),
    requests('200', steady(30), '/health'),
  ]),
  {
    family: 'UnauthorizedRequests',
    given: 'half is refused, beside a great many health checks',
    samples: [
      requests('401', steady(30)),
      requests('200', steady(30)),
      requests('200', steady(3000), '/health'),
    ],
    at: '20m',
    firing: [warning('backend-api')],
  },
  ...shareEdges({
    family: 'DatabaseLatencyHigh',
    firing: warning('audit'),
    samples: statements,
    above: { part: 1, whole: 20 },
    guard: 0.1,
    window: 300,
    holds: 300,
  }),
  ...rateEdges({
    family: 'ErrorLogBurst',
    firing: warning('sync'),
    samples: (pace) => [sample('sync', 'log_lines_total', { level: 'ERROR' }, paced(pace))],
    above: 1,
    window: 300,
    holds: 300,
  }),
  ...rateEdges({
    family: 'WebSocketReconnectStorm',
    firing: warning('backend-api'),
    samples: (pace) => [sample('backend-api', 'websocket_reconnects_total', {}, paced(pace))],
    above: 1,
    window: 300,
    holds: 300,
  }),
];
