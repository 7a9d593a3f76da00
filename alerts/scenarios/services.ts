import { expectedNames } from '../../telemetry/contract/pipeline.ts';
import { bareSubject, constant, counting, type Samples, type Scenario, sample, subject } from './scenario.ts';

const up = (service: string, values: string, instance?: string) =>
  sample(service, 'up', {}, values, instance);

const sidecarUp = (service: string) =>
  sample(service, 'up', { container: 'daprd' }, constant(1), `${service}:9190`);

const upWithout = (missing: string): Samples =>
  expectedNames.filter((service) => service !== missing).map((service) => up(service, constant(1)));

const othersUp = upWithout('audit');

const auditDown = [{ severity: 'warning', ...bareSubject('audit') }] as const;
const auditGone = [{ severity: 'critical', ...bareSubject('audit') }, ...auditDown] as const;
const statements = (outcome: 'success' | 'failure', perScrape: number) =>
  sample(
    'audit',
    'db_client_operation_duration_seconds_count',
    { db_operation_name: 'INSERT', outcome },
    counting(perScrape),
  );
const logins = (outcome: 'success' | 'failure', perScrape: number) =>
  sample('backend-api', 'auth_attempts_total', { outcome }, counting(perScrape));

const startTime = (values: string, instance?: string) =>
  sample('audit', 'process_start_time_seconds', {}, values, instance);

export const serviceScenarios: readonly Scenario[] = [
  {
    family: 'ServiceDown',
    given: 'its scrapes begin to fail',
    samples: [...othersUp, up('audit', '1x20 0x220')],
    at: '7m',
    firing: auditDown,
  },
  {
    family: 'ServiceDown',
    given: 'its target vanishes from discovery',
    samples: [...othersUp, up('audit', '1x20 stale')],
    at: '12m',
    firing: auditGone,
  },
  {
    family: 'ServiceDown',
    given: 'its target has been gone for less than a minute',
    samples: [...othersUp, up('audit', '1x20 stale')],
    at: '330s',
    firing: [],
  },
  {
    family: 'ServiceDown',
    given: 'its scrapes begin to fail, and its sidecar goes on',
    samples: [...othersUp, up('audit', '1x20 0x220'), sidecarUp('audit')],
    at: '7m',
    firing: auditDown,
  },
  {
    family: 'ServiceDown',
    given: 'its target vanishes from discovery, and its sidecar goes on',
    samples: [...othersUp, up('audit', '1x20 stale'), sidecarUp('audit')],
    at: '12m',
    firing: auditGone,
  },
  { family: 'ServiceDown', given: 'it was never there', samples: othersUp, at: '2m', firing: auditGone },
  ...expectedNames.map(
    (service): Scenario => ({
      family: 'ServiceDown',
      given: `only the sidecar of ${service} was ever there`,
      samples: [...upWithout(service), sidecarUp(service)],
      at: '2m',
      firing: [
        { severity: 'critical', ...bareSubject(service) },
        { severity: 'warning', ...bareSubject(service) },
      ],
    }),
  ),
  {
    family: 'ServiceDown',
    given: 'it has been down for less than a minute',
    samples: [...othersUp, up('audit', '1x20 0x220')],
    at: '330s',
    firing: [],
  },
  {
    family: 'ServiceDown',
    given: 'one of its two instances is down',
    samples: [...othersUp, up('audit', constant(1)), up('audit', constant(0), 'audit:2')],
    at: '10m',
    firing: [],
  },
  {
    family: 'ServiceRestarting',
    given: 'it starts anew every two minutes',
    samples: [startTime('100x7 220x7 340x7 460x200')],
    at: '8m',
    firing: [{ severity: 'warning', ...subject('audit') }],
  },
  {
    family: 'ServiceRestarting',
    given: 'its four instances are replaced by a deployment, and one is restarted twice',
    samples: [
      ...['audit:1', 'audit:2', 'audit:3'].map((instance) => startTime('100x20 stale', instance)),
      startTime('100x7 220x7 340x200', 'audit:4'),
      ...['audit:5', 'audit:6', 'audit:7'].map((instance) => startTime('_x20 400x200', instance)),
    ],
    at: '8m',
    firing: [],
  },
  {
    family: 'HealthCheckFailing',
    given: 'one check of one instance fails',
    samples: [
      sample('sync', 'health_check_status', { check: 'event_bus' }, constant(0)),
      sample('sync', 'health_check_status', { check: 'event_bus' }, constant(1), 'sync:2'),
      sample('sync', 'health_check_status', { check: 'process' }, constant(1)),
    ],
    at: '2m',
    firing: [{ severity: 'warning', check: 'event_bus', ...subject('sync') }],
  },
  {
    family: 'HealthCheckFailing',
    given: 'all checks pass',
    samples: [sample('sync', 'health_check_status', { check: 'event_bus' }, constant(1))],
    at: '10m',
    firing: [],
  },
  {
    family: 'DatabaseErrors',
    given: 'one statement in ten fails',
    samples: [statements('failure', 1), statements('success', 9)],
    at: '10m',
    firing: [{ severity: 'warning', ...subject('audit') }],
  },
  {
    family: 'DatabaseErrors',
    given: 'no statement has ever failed',
    samples: [statements('success', 9)],
    at: '10m',
    firing: [],
  },
  {
    family: 'AuthenticationFailures',
    given: 'four logins of five fail',
    samples: [logins('failure', 4), logins('success', 1)],
    at: '15m',
    firing: [{ severity: 'warning', ...subject('backend-api') }],
  },
  {
    family: 'AuthenticationFailures',
    given: 'one person mistypes a password now and then',
    samples: [logins('failure', 0.1)],
    at: '15m',
    firing: [],
  },
  {
    family: 'EventLoopLag',
    given: 'the event loop is blocked for half a second at a time',
    samples: [sample('sync', 'nodejs_eventloop_lag_p99_seconds', {}, constant(0.5))],
    at: '6m',
    firing: [{ severity: 'warning', ...subject('sync') }],
  },
  {
    family: 'EventLoopLag',
    given: 'it was blocked for a minute',
    samples: [sample('sync', 'nodejs_eventloop_lag_p99_seconds', {}, '0.01x20 0.5x4 0.01x200')],
    at: '6m',
    firing: [],
  },
  {
    family: 'HighMemory',
    given: 'it holds 600 MiB',
    samples: [sample('sync', 'process_resident_memory_bytes', {}, constant(600 * 1024 * 1024))],
    at: '6m',
    firing: [{ severity: 'warning', ...subject('sync') }],
  },
  {
    family: 'HighMemory',
    given: 'it holds exactly the threshold',
    samples: [sample('sync', 'process_resident_memory_bytes', {}, constant(512 * 1024 * 1024))],
    at: '10m',
    firing: [],
  },
];
