import type { LabelValue } from '../../telemetry/contract/labels.ts';
import { answered } from './requests.ts';
import { constant, counting, proofOf, restarting, type Scenario, sample } from './scenario.ts';

const backend = { namespace: 'tasks', service: 'backend-api' } as const;
const audit = { namespace: 'tasks', service: 'audit' } as const;
const active = (method: LabelValue<'http_request_method'>, count: number, service = 'backend-api') =>
  sample(service, 'http_server_active_requests', { http_request_method: method }, constant(count));
const lines = (level: LabelValue<'level'>, values: string, service = 'backend-api') =>
  sample(service, 'log_lines_total', { level }, values);
const statements = (le: string, values: string) =>
  sample(
    'audit',
    'db_client_operation_duration_seconds_bucket',
    { db_operation_name: 'INSERT', outcome: 'success', le },
    values,
  );
const executed = (values: string) =>
  sample(
    'audit',
    'db_client_operation_duration_seconds_count',
    { db_operation_name: 'INSERT', outcome: 'success' },
    values,
  );

export const availabilityScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'RequestsPileUp',
    about: backend,
    above: ['a few more requests than the threshold are under way', [active('GET', 120), active('POST', 90)]],
    early: '90s',
    quiet: [
      ['exactly the threshold is', [active('GET', 110), active('POST', 90)]],
      ['something that is none of our services is busy', [active('GET', 900, 'traffic-generator')]],
    ],
  }),
  ...proofOf({
    family: 'ErrorLogBurst',
    about: backend,
    above: [
      'twenty errors are logged between two scrapes',
      [lines('ERROR', counting(15)), lines('CRITICAL', counting(5))],
    ],
    early: '4m',
    quiet: [
      ['exactly one a second is', [lines('ERROR', counting(15))]],
      ['the service restarts and its counter begins anew', [lines('ERROR', restarting(14))]],
      ['much is logged that is no error', [lines('INFO', counting(900)), lines('WARNING', counting(90))]],
      [
        'something that is none of our services logs errors',
        [lines('ERROR', counting(90), 'traffic-generator')],
      ],
    ],
  }),
  ...proofOf({
    family: 'UnauthorizedRequests',
    about: backend,
    above: [
      'two requests in five are refused',
      [answered('401', counting(20)), answered('200', counting(30))],
    ],
    early: '4m',
    quiet: [
      ['exactly a quarter is', [answered('401', counting(8)), answered('200', counting(24))]],
      [
        'a fifth is, and the service restarts',
        [answered('401', restarting(10)), answered('200', restarting(40))],
      ],
      ['logins are refused', [answered('401', counting(50), '/login'), answered('200', counting(40))]],
      ['one client is refused once a minute', [answered('401', counting(0.25))]],
      [
        'requests are refused for other reasons',
        [answered('403', counting(20)), answered('200', counting(20))],
      ],
    ],
  }),
  ...proofOf({
    family: 'DatabaseLatencyHigh',
    about: audit,
    above: [
      'one statement in ten takes up to half a second',
      [
        statements('0.25', counting(9)),
        statements('0.5', counting(10)),
        statements('+Inf', counting(10)),
        executed(counting(10)),
      ],
    ],
    early: '4m',
    quiet: [
      [
        'the 95th percentile is exactly the threshold',
        [
          statements('0.1', counting(0)),
          statements('0.25', counting(19)),
          statements('+Inf', counting(20)),
          executed(counting(20)),
        ],
      ],
      [
        'statements are quick and the service restarts',
        [statements('0.005', restarting(10)), statements('+Inf', restarting(10)), executed(restarting(10))],
      ],
      [
        'one slow statement runs now and then',
        [
          statements('0.25', counting(0)),
          statements('0.5', counting(0.5)),
          statements('+Inf', counting(0.5)),
          executed(counting(0.5)),
        ],
      ],
    ],
  }),
];
