import { answered, answeredWithin } from './requests.ts';
import { constant, counting, type Scenario, subject } from './scenario.ts';

const requests = (status: string, perScrape: number, route: '/tasks' | '/health' = '/tasks') =>
  answered(status, counting(perScrape), route);

const bucket = (le: string, perScrape: number) => answeredWithin(le, counting(perScrape));

const backend = subject('backend-api');

export const httpScenarios: readonly Scenario[] = [
  {
    family: 'HighErrorRatio',
    given: 'three requests in ten have failed for ten minutes',
    samples: [requests('500', 9), requests('200', 21)],
    at: '10m',
    firing: [{ severity: 'warning', ...backend }],
  },
  {
    family: 'HighErrorRatio',
    given: 'one request in twenty fails',
    samples: [requests('503', 1), requests('200', 19)],
    at: '10m',
    firing: [{ severity: 'warning', ...backend }],
  },
  {
    family: 'HighErrorRatio',
    given: 'exactly the share of the warning fails',
    samples: [requests('500', 1), requests('200', 49)],
    at: '15m',
    firing: [],
  },
  {
    family: 'HighErrorRatio',
    given: 'everything fails, but it is one request a minute',
    samples: [requests('500', 0.25)],
    at: '15m',
    firing: [],
  },
  {
    family: 'HighErrorRatio',
    given: 'only health checks fail',
    samples: [requests('503', 10, '/health'), requests('200', 20)],
    at: '15m',
    firing: [],
  },
  {
    family: 'HighErrorRatio',
    given: 'nothing has failed since the start',
    samples: [requests('200', 20), requests('404', 5)],
    at: '15m',
    firing: [],
  },
  {
    family: 'HighErrorRatio',
    given: 'the errors ended',
    samples: [
      [requests('500', 9)[0], '0+9x40 360x200'],
      [requests('200', 21)[0], counting(21)],
    ],
    at: '16m',
    firing: [],
  },
  {
    family: 'HighLatency',
    given: 'half the requests take between one and two and a half seconds',
    samples: [bucket('0.5', 5), bucket('2.5', 10), bucket('+Inf', 10), requests('200', 10)],
    at: '12m',
    firing: [{ severity: 'warning', ...backend }],
  },
  {
    family: 'HighLatency',
    given: 'they are quick',
    samples: [bucket('0.25', 10), bucket('+Inf', 10), requests('200', 10)],
    at: '15m',
    firing: [],
  },
  {
    family: 'HighLatency',
    given: 'nobody asks anything',
    samples: [
      [bucket('0.5', 0)[0], constant(5)],
      [bucket('+Inf', 0)[0], constant(10)],
      [requests('200', 0)[0], constant(10)],
    ],
    at: '15m',
    firing: [],
  },
];
