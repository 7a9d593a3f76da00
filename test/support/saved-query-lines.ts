import { logged, plain, requestFailed, type Writing, wrote } from '../../alerts/log-scenarios/lines.ts';
import type { LogLevel } from '../../telemetry/contract/logs.ts';

/** Lines that a saved query finds, and lines that are like them but for one thing. */
export interface SavedQueryCase {
  readonly found: readonly Writing[];
  readonly decoys: readonly Writing[];
}

const when = { at: '1m' } as const;
const injected = new Error('refused');
const event = { event_id: 'e-1', event_type: 'sightline.task.created' } as const;
const post = {
  http_request_method: 'POST',
  http_route: '/tasks',
  http_response_status_code: 500,
  duration_ms: 4,
} as const;

const answered = (
  http_route: string,
  duration_ms: number,
  level: LogLevel = 'INFO',
  logger = 'http.server',
): Writing => ({
  service: 'backend-api',
  line: {
    level,
    logger,
    message: `GET ${http_route} answered with status 200`,
    fields: { http_request_method: 'GET', http_route, http_response_status_code: 200, duration_ms },
  },
  when,
});
const at = (level: LogLevel, fields: Parameters<typeof wrote>[3], service = 'backend-api'): Writing =>
  wrote(service, level, 'something happened', fields, when);

/** Who, or which request or trace, it is about, in every service; all else belongs to others. */
const about = (
  field: 'user_id' | 'request_id' | 'trace_id',
  value: string,
  other: string,
): SavedQueryCase => ({
  found: [
    at('INFO', { [field]: value }),
    at('ERROR', { [field]: value, error: injected }, 'sync'),
    logged('audit_entry_written', { ...event, [field]: value }, when),
  ],
  decoys: [
    at('INFO', { [field]: other }),
    at('INFO', { task_id: value }),
    at('INFO', { [field]: value }, 'grafana'),
    plain('backend-api', `${field} ${value}`, when),
  ],
});

const changed = (writing: Writing, level: LogLevel, logger?: string): Writing =>
  typeof writing.line === 'string'
    ? writing
    : { ...writing, line: { ...writing.line, level, logger: logger ?? writing.line.logger } };

const lost = logged('event_not_published', { ...event, topic: 'task-events', error: injected }, when);
const cut = (reason: string) => logged('websocket_disconnected', { user_id: 'ann', reason }, when);
const refused = logged('login_refused', { user_id: 'eve', reason: 'unknown user or wrong password' }, when);
const buried = logged(
  'event_dead_lettered',
  { topic: 'reminders', attempt: 5, duration_ms: 3, reason: 'no such user' },
  when,
);

/** Of each saved query that selects lines, by its id; values of parameters are their examples. */
export const savedQueryCases: Readonly<Record<string, SavedQueryCase>> = {
  'task-creation-failures': {
    found: [
      requestFailed('backend-api', { ...post, user_id: 'ann' }, when),
      requestFailed('backend-api', post, when),
    ],
    decoys: [
      requestFailed('backend-api', { ...post, http_request_method: 'GET' }, when),
      requestFailed('backend-api', { ...post, http_route: '/tasks/:id' }, when),
      requestFailed('sync', post, when),
      changed(requestFailed('backend-api', post, when), 'WARNING'),
      changed(requestFailed('backend-api', post, when), 'ERROR', 'tasks'),
    ],
  },
  'event-publishing-errors': {
    found: [lost, { ...lost, service: 'notification' }],
    decoys: [
      logged('event_published', { ...event, topic: 'task-events' }, when),
      changed(lost, 'WARNING'),
      changed(lost, 'ERROR', 'events'),
      { ...lost, service: 'audit' },
      wrote('backend-api', 'ERROR', 'another text', { message_was: 'an event could not be published' }, when),
    ],
  },
  'websocket-disconnections': {
    found: ['dropped', 'slow_client', 'error', 'server_shutdown'].map(cut),
    decoys: [cut('client_closed'), changed(cut('dropped'), 'DEBUG'), { ...cut('dropped'), service: 'sync' }],
  },
  'authentication-failures': {
    found: [refused, logged('login_refused', { user_id: 'ann', reason: 'expired' }, when)],
    decoys: [
      changed(refused, 'WARNING', 'tasks'),
      wrote('backend-api', 'WARNING', 'refused', { http_response_status_code: 401 }, when),
      { ...refused, service: 'audit' },
    ],
  },
  'database-errors': {
    found: [
      at('ERROR', { error: new Error('database is locked') }),
      at('WARNING', { error: new Error('UNIQUE constraint failed: tasks.id') }, 'audit'),
      at('ERROR', { error: new Error('database disk image is malformed') }, 'notification'),
      at('ERROR', { error: new Error('the SQL statement fails (injected on demand)') }),
    ],
    decoys: [
      at('ERROR', { error: new Error('connect ECONNREFUSED') }),
      at('INFO', { error: new Error('database is locked') }),
      at('ERROR', { error: new Error('database is locked') }, 'grafana'),
      wrote('backend-api', 'ERROR', 'database is locked', { error: injected }, when),
    ],
  },
  'dead-letters': {
    found: [buried, { ...buried, service: 'audit' }],
    decoys: [
      wrote('sync', 'WARNING', 'event will be delivered again', { topic: 'task-updates', attempt: 2 }, when),
      changed(buried, 'ERROR', 'events'),
      { ...buried, service: 'promtail' },
    ],
  },
  'user-activity': about('user_id', 'alice', 'alice2'),
  'request-across-services': about('request_id', '0b6f1c1e-5a5e-4c39-9d59-3c8a6e0f7d21', 'r-2'),
  trace: about('trace_id', '4bf92f3577b34da6a3ce929d0e0e4736', '0af7651916cd43dd8448eb211c80319c'),
  'high-latency-requests': {
    found: [
      answered('/tasks', 1000.5),
      answered('/login', 30_000, 'WARNING'),
      answered('/tasks', 1e6, 'ERROR'),
    ],
    decoys: [
      answered('/tasks', 1000),
      answered('/tasks', 12),
      answered('/metrics', 5000, 'WARNING'),
      answered('/health', 5000, 'DEBUG'),
      answered('/tasks', 5000, 'INFO', 'events.bus'),
      plain('backend-api', 'duration_ms 5000', when),
    ],
  },
};
