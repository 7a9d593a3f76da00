import { constant, type Samples, type Scenario, sample, subject } from '../scenario.ts';
import { paced } from './counter.ts';
import { gaugeEdges } from './gauge-edges.ts';
import { shareEdges } from './share-edges.ts';

const statements = (service: string, outcome: 'success' | 'failure', values: string) =>
  sample(
    service,
    'db_client_operation_duration_seconds_count',
    { db_operation_name: 'INSERT', outcome },
    values,
  );
const logins = (outcome: 'success' | 'failure', values: string) =>
  sample('backend-api', 'auth_attempts_total', { outcome }, values);
const loop = (service: string, values: string) =>
  sample(service, 'nodejs_eventloop_lag_p99_seconds', {}, values);
const memory = (service: string, values: string) =>
  sample(service, 'process_resident_memory_bytes', {}, values);
const check = (service: string, values: string) =>
  sample(service, 'health_check_status', { check: 'event_bus' }, values);
const quiet = (family: string, given: string, samples: Samples): Scenario => ({
  family,
  given,
  samples,
  at: '20m',
  firing: [],
});

/** Exports some of our metrics, and is none of our services. */
const stranger = 'alert-history';

export const serviceEdges: readonly Scenario[] = [
  ...shareEdges({
    family: 'DatabaseErrors',
    firing: { severity: 'warning', ...subject('audit') },
    samples: (failed, fine) => [
      statements('audit', 'failure', paced(failed)),
      statements('audit', 'success', paced(fine)),
    ],
    above: { part: 1, whole: 50 },
    guard: 0.1,
    window: 300,
    holds: 120,
  }),
  ...shareEdges({
    family: 'AuthenticationFailures',
    firing: { severity: 'warning', ...subject('backend-api') },
    samples: (failed, fine) => [logins('failure', paced(failed)), logins('success', paced(fine))],
    above: { part: 1, whole: 2 },
    guard: 0.02,
    window: 300,
    holds: 300,
  }),
  ...gaugeEdges({
    family: 'EventLoopLag',
    firing: { severity: 'warning', ...subject('sync') },
    samples: (values) => [loop('sync', values)],
    strangers: (values) => [loop(stranger, values)],
    atMost: 0.25,
    beyond: 0.3,
    holds: 300,
  }),
  ...gaugeEdges({
    family: 'HighMemory',
    firing: { severity: 'warning', ...subject('sync') },
    samples: (values) => [memory('sync', values)],
    strangers: (values) => [memory(stranger, values)],
    atMost: 512 * 1024 * 1024,
    beyond: 600 * 1024 * 1024,
    holds: 300,
  }),
  ...gaugeEdges({
    family: 'HealthCheckFailing',
    firing: { severity: 'warning', check: 'event_bus', ...subject('sync') },
    samples: (values) => [check('sync', values)],
    strangers: (values) => [check(stranger, values)],
    atMost: 1,
    beyond: 0,
    holds: 60,
  }),
  quiet('ServiceRestarting', 'another program restarts over and over', [
    sample(stranger, 'process_start_time_seconds', {}, paced([[30, 200]])),
  ]),
  {
    family: 'ServiceRestarting',
    given: 'the restarts are over for longer than the window',
    samples: [sample('sync', 'process_start_time_seconds', {}, `${paced([[60, 20]])} 1200x100`)],
    at: '25m',
    firing: [],
  },
  quiet('EventLoopLag', 'nothing is wrong', [loop('sync', constant(0.01))]),
];
