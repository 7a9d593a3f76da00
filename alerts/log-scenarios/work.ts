import { logged, lookalikes, plain, requestFailed, type Writing, wrote } from './lines.ts';
import { type LogScenario, logProofOf } from './scenario.ts';

const api = { service: 'backend-api' } as const;
const often = { at: '12m', every: '10s', times: 48 } as const;

const post = {
  http_request_method: 'POST',
  http_route: '/tasks',
  http_response_status_code: 500,
  duration_ms: 4,
} as const;
const notCreated = (user_id: string, when: Writing['when'] = often) =>
  requestFailed('backend-api', { ...post, user_id }, when);
const waits = (attempt: number, when: Writing['when'] = { at: '19m' }) =>
  logged('outbox_waiting', { reason: 'the bus failed', attempt, error: new Error('refused') }, when);
const broke = (error: string, when: Writing['when'] = { at: '15m' }) =>
  wrote('sync', 'ERROR', 'the handler of an event failed', { error: new Error(error) }, when);
const cut = (user_id: string, times: number, reason = 'dropped', at: Writing['when']['at'] = '12m') =>
  logged('websocket_disconnected', { user_id, reason }, { at, times });
const published = (topic: string, when: Writing['when']) =>
  logged('event_published', { topic, event_id: 'e-1', event_type: 'sightline.task.created' }, when);
const audited = (when: Writing['when']) =>
  logged('audit_entry_written', { event_id: 'e-1', event_type: 'sightline.task.created' }, when);

export const workLogScenarios: readonly LogScenario[] = [
  ...logProofOf({
    family: 'TaskCreationFailsForUsers',
    about: api,
    above: [
      ['three users get an error', ['ann', 'ben', 'eve'].map((user) => notCreated(user))],
      ['once each, minutes ago', ['ann', 'ben', 'eve'].map((user) => notCreated(user, { at: '13m' }))],
    ],
    early: [
      'the third got it a minute ago',
      [notCreated('ann'), notCreated('ben'), notCreated('eve', { at: '19m' })],
      '20m',
    ],
    threshold: ['two users', ['ann', 'ben'].map((user) => notCreated(user))],
    quiet: [
      ['one user, again and again', [notCreated('ann')]],
      ['it was long ago', ['ann', 'ben', 'eve'].map((user) => notCreated(user, { at: '7m' }))],
      [
        'beside two users, nobody who is logged in',
        [notCreated('ann'), notCreated('ben'), requestFailed('backend-api', post, often)],
      ],
      ...lookalikes(['ann', 'ben', 'eve'].map((user) => notCreated(user))).slice(0, 3),
      [
        'reading fails',
        ['ann', 'ben', 'eve'].map((user_id) =>
          requestFailed('backend-api', { ...post, http_request_method: 'GET', user_id }, often),
        ),
      ],
      [
        'another route fails',
        ['ann', 'ben', 'eve'].map((user_id) =>
          requestFailed('backend-api', { ...post, http_route: '/tasks/:id/complete', user_id }, often),
        ),
      ],
      [
        'they are refused',
        ['ann', 'ben', 'eve'].map((user_id) =>
          wrote(
            'backend-api',
            'WARNING',
            'refused',
            { ...post, http_response_status_code: 400, user_id },
            often,
          ),
        ),
      ],
    ],
  }),
  ...logProofOf({
    family: 'OutboxWaiting',
    about: api,
    above: [['the sixteenth attempt in a row failed', [waits(15, { at: '18m' }), waits(16)]]],
    threshold: ['the fifteenth did', [waits(14, { at: '18m' }), waits(15)]],
    quiet: [
      ['three attempts failed', [waits(3)]],
      ['it was minutes ago', [waits(40, { at: '17m' })]],
      ...lookalikes([waits(40)]),
      [
        'what waits is another thing',
        [wrote('backend-api', 'WARNING', 'the queue waits', { attempt: 40 }, { at: '19m' })],
      ],
    ],
  }),
  ...logProofOf({
    family: 'StorageDamaged',
    severity: 'critical',
    about: { service: 'sync' },
    above: [
      ['the file is malformed', [broke('database disk image is malformed')]],
      ['the disk is full', [broke('SQLITE_FULL: Database or disk is full (code 13)')]],
      ['the disk fails', [broke('disk I/O error')]],
      ['the file cannot be written', [broke('attempt to write a readonly database')]],
      ['there is no room for a file', [broke('ENOSPC: no space left on device, write')]],
      ['PostgreSQL finds a broken page', [broke('invalid page in block 4711 of relation base/1/2')]],
    ],
    quiet: [
      ['the database is busy', [broke('database is locked', { at: '12m', times: 300 })]],
      ['it was long ago', [broke('database disk image is malformed', { at: '9m' })]],
      ['a user wrote it', [wrote('sync', 'ERROR', 'database disk image is malformed', {}, { at: '15m' })]],
      ['a plain line says it', [plain('sync', '"error_message":"disk I/O error"', { at: '15m' })]],
      [
        'it is told for information',
        [wrote('sync', 'INFO', 'mended', { error_message: 'disk I/O error' }, { at: '15m' })],
      ],
      [
        'a component has it',
        [wrote('grafana', 'ERROR', 'no', { error_message: 'disk I/O error' }, { at: '15m' })],
      ],
    ],
  }),
  ...logProofOf({
    family: 'WebSocketFlapping',
    severity: 'info',
    about: api,
    above: [
      ['one user’s connection breaks six times', [cut('ann', 6)]],
      ['for different reasons', [cut('ann', 2), cut('ann', 2, 'slow_client'), cut('ann', 2, 'error')]],
    ],
    threshold: ['five times', [cut('ann', 5)]],
    quiet: [
      ['three users’ break four times each', ['ann', 'ben', 'eve'].map((user) => cut(user, 4))],
      ['the user closes it', [cut('ann', 30, 'client_closed')]],
      ...lookalikes([cut('ann', 30)]),
      ['it was long ago', [cut('ann', 30, 'dropped', '8m')]],
    ],
  }),
  ...logProofOf({
    family: 'AuditSilent',
    about: { service: 'audit' },
    above: [
      [
        'another service says that it wrote them',
        [
          published('task-events', { at: '12m', times: 3 }),
          { ...audited({ at: '12m', times: 3 }), service: 'sync' },
        ],
      ],
      ...lookalikes([audited({ at: '12m', times: 60 })]).map(
        ([given, lines]) =>
          [
            `what looks like an entry is none: ${given}`,
            [published('task-events', { at: '12m', times: 3 }), ...lines],
          ] as const,
      ),
      ['tasks change and nothing is written', [published('task-events', { at: '12m', times: 3 })]],
      ['reminders are sent and nothing is written', [published('reminders', { at: '12m', times: 3 })]],
      [
        'the last entry is from before',
        [published('task-events', { at: '1m', every: '30s', times: 38 }), audited({ at: '2m', times: 60 })],
      ],
    ],
    early: ['the first event came a minute ago', [published('task-events', { at: '19m', times: 3 })], '20m'],
    quiet: [
      [
        'entries are written',
        [published('task-events', { at: '12m', times: 3 }), audited({ at: '12m', times: 3 })],
      ],
      ['nothing happens', []],
      ...lookalikes([published('task-events', { at: '12m', times: 3 })]),
      ['what is published is not audited', [published('task-updates', { at: '12m', times: 30 })]],
      ['it was long ago', [published('task-events', { at: '6m', times: 3 })]],
    ],
  }),
];
