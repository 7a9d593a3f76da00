import { logLine } from '../../../telemetry/contract/log-lines.ts';
import type { LogLevel } from '../../../telemetry/contract/logs.ts';
import { type ServiceName, serviceNames } from '../../../telemetry/contract/services.ts';

/** Lines of one kind that one service writes, again and again. */
export interface LogKind {
  readonly service: string;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
  /** Seconds between two of them. */
  readonly every: number;
  /** Seconds between two while the service has trouble. */
  readonly inTrouble?: number;
  /** Beside the service's own, where it is a sidecar's. */
  readonly container?: string;
  /** Written as it is, and not as JSON. */
  readonly plain?: true;
}

const requests = serviceNames.map((service, index): LogKind => {
  const route = service === 'backend-api' ? '/tasks' : '/events/:topic';
  const method = service === 'backend-api' ? 'GET' : 'POST';
  return {
    ...{
      service,
      level: 'INFO',
      logger: 'http.server',
      message: `${method} ${route} answered with status 200`,
    },
    fields: { http_request_method: method, http_route: route, http_response_status_code: 200 },
    every: 7 + 2 * index,
  };
});

const failedRequests: LogKind = {
  service: 'backend-api',
  level: 'ERROR',
  logger: 'http.server',
  message: 'POST /tasks answered with status 500',
  fields: {
    http_request_method: 'POST',
    http_route: '/tasks',
    http_response_status_code: 500,
    error_type: 'SqliteError',
    error_message: 'database is locked',
  },
  every: 1700,
  inTrouble: 23,
};

const declared = (
  name: Parameters<typeof logLine>[0],
  service: ServiceName,
  every: number,
  fields: LogKind['fields'] = {},
  inTrouble = every,
): LogKind => {
  const { level, logger, message = name } = logLine(name);
  return { service, level, logger, message, fields, every, inTrouble };
};

const lost = { error_type: 'TimeoutError', error_message: 'the event bus did not answer in 2 s' };

const observing = (service: string, level: LogLevel, message: string, every: number): LogKind => ({
  ...{ service, level, logger: service, message, fields: {}, every, plain: true },
});

/** What the recorded set's log lines are; the contract's own word for word. */
export const logKinds: readonly LogKind[] = [
  ...requests,
  failedRequests,
  declared('event_published', 'backend-api', 11, { topic: 'task-events', event_type: 'task.created' }),
  declared('event_published', 'notification', 31, { topic: 'task-updates', event_type: 'reminder.sent' }),
  declared('event_not_published', 'backend-api', 3600, { topic: 'task-events', ...lost }, 61),
  declared('event_dead_lettered', 'notification', 2900, {
    topic: 'task-events',
    attempt: 5,
    reason: 'TypeError',
  }),
  declared('audit_entry_written', 'audit', 17, { event_type: 'task.created' }),
  declared('websocket_disconnected', 'backend-api', 90, { reason: 'client_closed' }),
  declared('login_refused', 'backend-api', 260, { reason: 'wrong password' }),
  {
    ...{ service: 'notification', level: 'WARNING', logger: 'events.bus', every: 520, inTrouble: 520 },
    ...{
      message: 'a delivery failed and is tried again',
      fields: { topic: 'task-events', attempt: 2, ...lost },
    },
  },
  ...serviceNames.map(
    (service): LogKind => ({
      ...{ service, level: 'INFO', logger: 'dapr.runtime', message: 'dapr initialized. Status: Running.' },
      ...{ fields: {}, every: 1300, container: 'daprd' },
    }),
  ),
  observing('prometheus', 'INFO', 'level=INFO msg="Head GC completed" duration=21.4ms', 700),
  observing('loki', 'INFO', 'level=info msg="flushing stream" user=platform', 150),
  observing('loki', 'ERROR', 'level=error msg="error notifying frontend" err="context canceled"', 1900),
  observing(
    'alertmanager',
    'WARNING',
    'level=WARN msg="Notify attempt failed, will retry later" attempts=1',
    2500,
  ),
];
