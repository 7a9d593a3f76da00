import { answered, answeredWithin } from '../requests.ts';
import { type Samples, type Scenario, subject } from '../scenario.ts';
import { type Pace, paced, plus, steady } from './counter.ts';
import { shareEdges } from './share-edges.ts';

type Route = '/tasks' | '/health';

const requests = (status: string, pace: Pace, ...rest: [route?: Route, service?: string]) =>
  answered(status, paced(pace), ...rest);
const buckets = (slow: Pace, fast: Pace, ...rest: [route?: Route, service?: string]): Samples =>
  [['0.5', fast] as const, ['0.75', plus(slow, fast)] as const, ['+Inf', plus(slow, fast)] as const].map(
    ([le, pace]) => answeredWithin(le, paced(pace), ...rest),
  );
const timed = (slow: Pace, fast: Pace, ...rest: [route?: Route, service?: string]): Samples => [
  ...buckets(slow, fast, ...rest),
  requests('200', plus(slow, fast), ...rest),
];

const backend = subject('backend-api');
const warning = { severity: 'warning', ...backend } as const;
const errors = (failed: Pace, fine: Pace): Samples => [requests('500', failed), requests('200', fine)];

export const httpEdges: readonly Scenario[] = [
  ...shareEdges({
    family: 'HighErrorRatio',
    firing: warning,
    samples: errors,
    above: { part: 1, whole: 50 },
    guard: 0.1,
    window: 300,
    holds: 300,
  }),
  {
    family: 'HighErrorRatio',
    given: 'another program fails',
    samples: [requests('500', steady(30), undefined, 'alert-history')],
    at: '15m',
    firing: [],
  },
  {
    family: 'HighErrorRatio',
    given: 'one request in seven fails, beside a great many health checks',
    samples: [
      requests('500', steady(10)),
      requests('200', steady(60)),
      requests('200', steady(9000), '/health'),
    ],
    at: '15m',
    firing: [warning],
  },
  {
    family: 'HighErrorRatio',
    given: 'everything fails, which is little beside the health checks',
    samples: [requests('500', steady(0.25)), requests('200', steady(30), '/health')],
    at: '15m',
    firing: [],
  },
  ...shareEdges({
    family: 'HighLatency',
    firing: warning,
    samples: timed,
    above: { part: 1, whole: 20 },
    guard: 0.1,
    window: 300,
    holds: 300,
  }),
  {
    family: 'HighLatency',
    given: 'another program is slow',
    samples: timed(steady(30), steady(0), undefined, 'alert-history'),
    at: '15m',
    firing: [],
  },
  {
    family: 'HighLatency',
    given: 'health checks are slow',
    samples: [...timed(steady(0), steady(30)), ...timed(steady(30), steady(0), '/health')],
    at: '15m',
    firing: [],
  },
  {
    family: 'HighLatency',
    given: 'a few requests are slow beside many health checks',
    samples: [...timed(steady(0.25), steady(0)), requests('200', steady(30), '/health')],
    at: '15m',
    firing: [],
  },
];
