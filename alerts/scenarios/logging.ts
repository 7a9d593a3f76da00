import { constant, counting, proofOf, restarting, type Samples, type Scenario, sample } from './scenario.ts';

const loki = { namespace: 'monitoring', service: 'loki' } as const;
const promtail = { namespace: 'monitoring', service: 'promtail' } as const;
const route = 'loki_api_v1_push';
const mib = 1024 * 1024;

/** Of twenty requests between two scrapes, how many take at most a second; all take at most two and a half. */
const asked = (quick: number, all = 20, path = route, values = counting): Samples => {
  const labels = { method: 'POST', route: path, status_code: '204', ws: 'false' } as const;
  return [
    sample('loki', 'loki_request_duration_seconds_bucket', { ...labels, le: '0.5' }, values(0)),
    sample('loki', 'loki_request_duration_seconds_bucket', { ...labels, le: '1.0' }, values(quick)),
    sample('loki', 'loki_request_duration_seconds_bucket', { ...labels, le: '2.5' }, values(all)),
    sample('loki', 'loki_request_duration_seconds_bucket', { ...labels, le: '+Inf' }, values(all)),
    sample('loki', 'loki_request_duration_seconds_count', labels, values(all)),
  ];
};
const pushed = (quick: number, all: number, values = counting): Samples => {
  const labels = { host: 'loki:3100', status_code: '204' } as const;
  return [
    sample('promtail', 'promtail_request_duration_seconds_bucket', { ...labels, le: '0.5' }, values(0)),
    sample('promtail', 'promtail_request_duration_seconds_bucket', { ...labels, le: '1.0' }, values(quick)),
    sample('promtail', 'promtail_request_duration_seconds_bucket', { ...labels, le: '2.5' }, values(all)),
    sample('promtail', 'promtail_request_duration_seconds_bucket', { ...labels, le: '+Inf' }, values(all)),
  ];
};
const compacted = (values: string) =>
  sample(
    'loki',
    'loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds',
    {},
    values,
  );
const started = (service: string, values: string) =>
  sample(service, 'process_start_time_seconds', {}, values);
const panics = (values: string) => sample('loki', 'loki_panic_total', {}, values);
const diskFull = (values: string) => sample('loki', 'loki_ingester_wal_disk_full_failures_total', {}, values);
const answers = (status_code: string, values: string) =>
  sample('promtail', 'promtail_request_duration_seconds_count', { host: 'loki:3100', status_code }, values);
const file = (path: string, size: number, read: number): Samples => [
  sample('promtail', 'promtail_file_bytes_total', { path }, constant(size)),
  sample('promtail', 'promtail_read_bytes_total', { path }, constant(read)),
];

export const loggingScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'LokiPanics',
    about: loki,
    above: ['it panicked a few minutes ago', [panics('0x50 1x190')]],
    quiet: [
      ['it panicked long ago', [panics('0x20 1x220')]],
      ['it restarts', [panics('3x60 0x180')]],
    ],
  }),
  ...proofOf({
    family: 'LokiLatencyHigh',
    about: { ...loki, route },
    above: ['one push in twenty is slow', asked(19)],
    early: '14m',
    quiet: [
      ['exactly one in a hundred is', asked(99, 100)],
      ['none is, and Loki restarts', asked(20, 20, route, restarting)],
      ['a tail lasts', asked(0, 20, 'loki_api_v1_tail')],
      ['a slow one comes once a minute', asked(0, 0.25)],
    ],
  }),
  ...proofOf({
    family: 'LokiCompactorNotRunning',
    about: loki,
    above: ['it last ran more than three hours ago', [compacted('1x960'), started('loki', constant(1))]],
    early: '184m',
    at: '186m',
    quiet: [
      ['it ran an hour ago', [compacted('1x480 7200x480'), started('loki', constant(1))]],
      ['Loki started an hour ago and it has not run yet', [compacted('0x960'), started('loki', '7200x960')]],
      ['another component has run for days', [started('promtail', '1x960')]],
    ],
  }),
  ...proofOf({
    family: 'LokiCompactorNotRunning',
    about: loki,
    above: ['it has never run since Loki started', [compacted('0x960'), started('loki', '1x960')]],
    at: '190m',
    quiet: [],
  }),
  ...proofOf({
    family: 'LokiWalDiskFull',
    severity: 'critical',
    about: loki,
    above: ['a write found no room, and none came since', [diskFull('0x44 1x196')]],
    quiet: [
      ['it was so long ago', [diskFull('0x4 9x236')]],
      ['Loki restarts', [diskFull('9x70 0x170')]],
    ],
  }),
  ...proofOf({
    family: 'PromtailRequestErrors',
    about: promtail,
    above: [
      'some pushes fail and some get no answer',
      [answers('500', counting(1)), answers('-1', counting(2)), answers('204', counting(17))],
    ],
    early: '9m',
    quiet: [
      ['exactly one in ten fails', [answers('500', counting(1)), answers('204', counting(9))]],
      ['few fail and Promtail restarts', [answers('500', restarting(1)), answers('204', restarting(20))]],
      ['lines are refused for what they say', [answers('400', counting(10)), answers('204', counting(10))]],
    ],
  }),
  ...proofOf({
    family: 'PromtailLatencyHigh',
    about: promtail,
    above: ['one push in twenty is slow', pushed(19, 20)],
    early: '14m',
    quiet: [
      ['exactly one in a hundred is', pushed(99, 100)],
      ['none is, and Promtail restarts', pushed(20, 20, restarting)],
    ],
  }),
  ...proofOf({
    family: 'PromtailBehind',
    about: promtail,
    above: [
      'two files together are far behind',
      [...file('/a', 20 * mib, 12 * mib), ...file('/b', 9 * mib, 3 * mib)],
    ],
    early: '9m',
    quiet: [
      ['exactly the threshold is unread', file('/a', 20 * mib, 10 * mib)],
      [
        'a file was cut after it had been read',
        [...file('/a', 0, 90 * mib), ...file('/b', 9 * mib, 9 * mib)],
      ],
    ],
  }),
];
