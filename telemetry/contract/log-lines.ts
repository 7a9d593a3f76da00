import type { freeLogFields, LogLevel } from './logs.ts';
import { type ServiceName, serviceNames } from './services.ts';

interface LogLineDefinition {
  readonly level: LogLevel;
  readonly logger: string;
  /** Word for word; absent where it differs from line to line. */
  readonly message?: string;
  /** Free fields that every such line has. */
  readonly fields: readonly (keyof typeof freeLogFields)[];
  readonly services: readonly ServiceName[];
}

/**
 * Lines that alerts and saved queries select. Services write them by these names (`instrumentation.line('…')`), and
 * queries name them (`line('…')`), so that neither can be reworded without the other.
 */
export const logLines = {
  request_failed: {
    level: 'ERROR',
    logger: 'http.server',
    fields: ['http_request_method', 'http_route', 'http_response_status_code', 'duration_ms'],
    services: serviceNames,
  },
  login_refused: {
    level: 'WARNING',
    logger: 'auth',
    message: 'login refused',
    fields: ['reason'],
    services: ['backend-api'],
  },
  websocket_disconnected: {
    level: 'INFO',
    logger: 'websocket',
    message: 'WebSocket disconnected',
    fields: ['reason'],
    services: ['backend-api'],
  },
  outbox_waiting: {
    level: 'WARNING',
    logger: 'events.outbox',
    message: 'the outbox waits',
    fields: ['reason', 'attempt', 'error_type', 'error_message'],
    services: ['backend-api'],
  },
  event_published: {
    level: 'INFO',
    logger: 'events.bus',
    message: 'event published',
    fields: ['topic', 'event_id', 'event_type'],
    services: ['backend-api', 'notification', 'sync'],
  },
  event_not_published: {
    level: 'ERROR',
    logger: 'events.bus',
    message: 'an event could not be published',
    fields: ['topic', 'event_id', 'event_type', 'error_type', 'error_message'],
    services: ['backend-api', 'notification', 'sync'],
  },
  event_dead_lettered: {
    level: 'ERROR',
    logger: 'events.bus',
    message: 'an event was moved to the dead letters',
    fields: ['topic', 'attempt', 'duration_ms', 'reason'],
    services: ['backend-api', 'recurring-task', 'notification', 'sync', 'audit'],
  },
  audit_entry_written: {
    level: 'INFO',
    logger: 'audit.trail',
    message: 'audit entry written',
    fields: ['event_id', 'event_type'],
    services: ['audit'],
  },
} as const satisfies Record<string, LogLineDefinition>;

export type LogLineName = keyof typeof logLines;

/** The definition without what is peculiar to one line. */
export const logLine = (name: LogLineName): LogLineDefinition => logLines[name];
