import type { LogLevel } from '../../telemetry/contract/logs.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { plain, type Writing, wrote } from './lines.ts';
import { type LogScenario, logProofOf } from './scenario.ts';

/** For the whole scenario, so often. */
const steadily = (every: Duration, times: number) => ({ at: '1s' as Duration, every, times });

const failed = (error_type: string, when: Writing['when'], level: LogLevel = 'ERROR') =>
  wrote('backend-api', level, 'A request failed', { error_type, error_message: 'no' }, when);
const complaint = (service: string, when: Writing['when'], level: LogLevel = 'ERROR') =>
  wrote(service, level, 'could not do it', {}, when);
const crashed = (text: string) => [plain('sync', text, { at: '15m' })];

export const generalLogScenarios: readonly LogScenario[] = [
  ...logProofOf({
    family: 'ErrorsOfOneKind',
    about: { service: 'backend-api', error_type: 'TypeError' },
    above: [
      ['one error comes every nine seconds', [failed('TypeError', steadily('9s', 140))]],
      [
        'another kind comes beside it, less often',
        [failed('TypeError', steadily('9s', 140)), failed('RangeError', steadily('30s', 40))],
      ],
    ],
    early: ['it began two minutes ago', [failed('TypeError', { at: '13m', times: 300 })], '15m'],
    threshold: ['thirty in five minutes', [failed('TypeError', steadily('10s', 120))]],
    quiet: [
      [
        'two kinds, neither of them often',
        [failed('TypeError', steadily('15s', 80)), failed('RangeError', steadily('15s', 80))],
      ],
      ['it is not of the level of an error', [failed('TypeError', steadily('5s', 240), 'WARNING')]],
      ['errors of no type', [complaint('backend-api', steadily('5s', 240))]],
      ['it is over', [failed('TypeError', { at: '1m', times: 600 })]],
      [
        'a component that is none of our services',
        [wrote('grafana', 'ERROR', 'no', { error_type: 'TypeError' }, steadily('5s', 240))],
      ],
    ],
  }),
  ...logProofOf({
    family: 'ComponentErrors',
    about: { service: 'loki' },
    above: [['Loki complains every ten seconds', [complaint('loki', steadily('10s', 120))]]],
    early: ['it began three minutes ago', [complaint('loki', { at: '12m', times: 400 })], '15m'],
    threshold: ['fifty in ten minutes', [complaint('loki', steadily('12s', 100))]],
    quiet: [
      [
        'two components complain half as much each',
        [complaint('loki', steadily('20s', 60)), complaint('promtail', steadily('20s', 60))],
      ],
      ['it only warns', [complaint('loki', steadily('2s', 600), 'WARNING')]],
      ['a service of ours complains', [complaint('backend-api', steadily('2s', 600))]],
      ['it is over', [complaint('loki', { at: '1s', times: 200 })]],
    ],
  }),
  ...logProofOf({
    family: 'CriticalLogged',
    about: { service: 'audit' },
    above: [['an exception that nobody caught', [complaint('audit', { at: '11m' }, 'CRITICAL')]]],
    quiet: [
      ['many errors', [complaint('audit', steadily('1s', 1200))]],
      ['it was long ago', [complaint('audit', { at: '9m' }, 'CRITICAL')]],
    ],
  }),
  ...logProofOf({
    family: 'CriticalLogged',
    about: { service: 'grafana' },
    above: [['a component, too', [complaint('grafana', { at: '15m' }, 'CRITICAL')]]],
    quiet: [['nothing is written', []]],
  }),
  ...logProofOf({
    family: 'ProcessCrashed',
    about: { service: 'sync' },
    above: [
      ['Go panics', crashed('panic: runtime error: index out of range [3] with length 3')],
      ['Go’s runtime gives up', crashed('fatal error: concurrent map writes')],
      ['the heap is full', crashed('FATAL ERROR: Reached heap limit Allocation failed')],
      ['Node ends before there is a logger', crashed('Node.js v24.1.0')],
      ['memory that is not its own', crashed('Segmentation fault (core dumped)')],
      [
        'a JVM’s heap is full',
        crashed('Exception in thread "main" java.lang.OutOfMemoryError: Java heap space'),
      ],
    ],
    quiet: [
      ['it was long ago', [plain('sync', 'panic: no', { at: '9m' })]],
      ['a JSON line speaks of it', [wrote('sync', 'INFO', 'Segmentation fault', {}, { at: '15m' })]],
      ['a plain line about something else', crashed('do not panic: this is a test')],
    ],
  }),
  ...logProofOf({
    family: 'ServiceLogsNotJson',
    severity: 'info',
    about: { service: 'notification' },
    above: [
      ['twenty-one plain lines', [plain('notification', 'hello', { at: '6m', every: '30s', times: 21 })]],
    ],
    threshold: ['twenty', [plain('notification', 'hello', { at: '6m', every: '30s', times: 20 })]],
    quiet: [
      ['the lines are JSON', [wrote('notification', 'INFO', 'hello', {}, steadily('1s', 1200))]],
      ['they come from a component', [plain('grafana', 'hello', steadily('10s', 120))]],
      [
        'two services wrote some each',
        [
          plain('notification', 'hello', { at: '10m', times: 15 }),
          plain('sync', 'hello', { at: '10m', times: 15 }),
        ],
      ],
      ['it was long ago', [plain('notification', 'hello', { at: '1s', times: 120 })]],
    ],
  }),
];
