import { databaseErrors } from '../../telemetry/contract/log-patterns.ts';
import type { LogLevel } from '../../telemetry/contract/logs.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { field, line, logql, promql, series, stream } from '../../telemetry/query/query.ts';
import { not, oneOf } from '../../telemetry/query/series.ts';
import { literal } from './parameters.ts';
import { type SavedQuery, savedQuery } from './saved-query.ts';

const failing = oneOf(['WARNING', 'ERROR', 'CRITICAL'] as const satisfies readonly LogLevel[]);
const wished = not('client_closed');

/** What went wrong, and for whom. */
export const failureQueries: readonly SavedQuery[] = [
  savedQuery({
    id: 'task-creation-failures',
    title: 'Task creation failures',
    question: 'Which attempts to create a task were answered with an error, and whose were they?',
    whenToUse:
      'People say that they cannot create tasks. The `request_id` of a line leads to what else the same request did.',
    alerts: ['TaskCreationFailsForUsers-warning', 'TaskOperationsFailing-warning'],
    parameters: [],
    query: () => logql`
      ${line('request_failed', { service: 'backend-api' })} | json ${field('http_request_method')}, ${field('http_route')}
      | ${field('http_request_method')} = "POST" | ${field('http_route')} = "/tasks"`,
    beside: () =>
      promql`sum by (service) (rate(${series('task_operations_total', { operation: 'create', outcome: 'failure' })}[5m]))`,
  }),
  savedQuery({
    id: 'event-publishing-errors',
    title: 'Event publishing errors',
    question: 'Which events could not be handed to the bus, and why?',
    whenToUse:
      'Other services do not learn of changes. An event of a task waits in the outbox and is tried again, so one event may be on several lines.',
    alerts: ['EventPublishErrors-warning', 'OutboxWaiting-warning'],
    parameters: [],
    query: () => logql`${line('event_not_published')}`,
    beside: () =>
      promql`sum by (service, topic) (rate(${series('events_published_total', { outcome: 'failure' })}[5m]))`,
  }),
  savedQuery({
    id: 'websocket-disconnections',
    title: 'WebSocket disconnections',
    question: 'Whose live updates were cut, and by what? Closing a page is left out.',
    whenToUse:
      'Clients reconnect again and again, or updates come late. Many users and the reason `dropped` point to a proxy; one user points to their network.',
    alerts: ['WebSocketDropRate-warning', 'WebSocketFlapping-info', 'WebSocketReconnectStorm-warning'],
    parameters: [],
    query: () => logql`
      ${line('websocket_disconnected')} | json ${field('reason')} | ${field('reason')} != "client_closed"`,
    beside: () =>
      promql`sum by (service, reason) (rate(${series('websocket_disconnects_total', { reason: wished })}[5m]))`,
  }),
  savedQuery({
    id: 'authentication-failures',
    title: 'Authentication failures',
    question: 'Whose logins were refused?',
    whenToUse:
      'Logins fail more than usual. One account many times is guessing; many accounts once or twice is spraying, or a broken check of passwords.',
    alerts: ['AuthenticationFailures-warning', 'PasswordGuessing-warning', 'PasswordSpraying-warning'],
    parameters: [],
    query: () => logql`${line('login_refused')}`,
    beside: () => promql`sum by (service, outcome) (rate(${series('auth_attempts_total')}[5m]))`,
  }),
  savedQuery({
    id: 'database-errors',
    title: 'Database errors',
    question: 'What does the database of a service refuse, and in the middle of what?',
    whenToUse:
      'Statements fail or are slow. A lock that is waited out mends itself; what says malformed, full or read-only does not.',
    alerts: ['DatabaseErrors-warning', 'StorageDamaged-critical'],
    parameters: [],
    query: () => logql`
      ${stream({ service: oneOf(serviceNames), level: failing })} | json ${field('error_message')}
      | ${field('error_message')} =~ ${literal(`(?i).*(${databaseErrors.join('|')}).*`)}`,
    beside: () =>
      promql`sum by (service, db_operation_name) (rate(${series('db_client_operation_duration_seconds_count', { outcome: 'failure' })}[5m]))`,
  }),
  savedQuery({
    id: 'dead-letters',
    title: 'Dead letters',
    question: 'Which events did a subscriber give up on, and why?',
    whenToUse:
      'Before `npm run dead-letters -- replay`: first mend what the reason tells of, or they come back.',
    alerts: ['DeadLetters-warning', 'EventProcessingErrors-warning'],
    parameters: [],
    query: () => logql`${line('event_dead_lettered')}`,
    beside: () => promql`max by (service, topic) (${series('event_dead_letters')})`,
  }),
];
