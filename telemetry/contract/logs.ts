import type { LogFieldDefinition } from './types.ts';

/** The JSON log line, in the order it is written. Free fields follow. */
export const logFields = {
  timestamp: {
    type: 'timestamp',
    description: 'RFC 3339 in UTC with microseconds',
    storage: 'line',
    required: true,
  },
  level: {
    type: 'string',
    description: 'DEBUG, INFO, WARNING, ERROR or CRITICAL',
    storage: 'label',
    required: true,
  },
  logger: { type: 'string', description: 'Dotted name of the logger', storage: 'metadata', required: true },
  message: { type: 'string', description: 'What happened', storage: 'line', required: true },
  request_id: {
    type: 'string',
    description: 'X-Request-ID of the request it belongs to',
    storage: 'metadata',
    required: false,
  },
  user_id: { type: 'string', description: 'Who did it', storage: 'metadata', required: false },
  trace_id: {
    type: 'string',
    description: 'W3C trace id, 32 hex digits',
    storage: 'metadata',
    required: false,
  },
  span_id: {
    type: 'string',
    description: 'W3C span id, 16 hex digits',
    storage: 'metadata',
    required: false,
  },
} as const satisfies Record<string, LogFieldDefinition>;

/** Free fields that saved queries, alerts and panels may use. */
export const freeLogFields = {
  http_request_method: { type: 'string', description: 'HTTP method', storage: 'line', required: false },
  http_route: { type: 'string', description: 'Route template', storage: 'line', required: false },
  http_response_status_code: { type: 'number', description: 'Status', storage: 'line', required: false },
  duration_ms: { type: 'number', description: 'Duration in milliseconds', storage: 'line', required: false },
  error_type: { type: 'string', description: 'Class of the error', storage: 'line', required: false },
  error_message: { type: 'string', description: 'Message of the error', storage: 'line', required: false },
  error_stack: { type: 'string', description: 'Stack of the error', storage: 'line', required: false },
  topic: { type: 'string', description: 'Topic of the event', storage: 'line', required: false },
  event_id: { type: 'string', description: 'CloudEvents id', storage: 'line', required: false },
  event_type: { type: 'string', description: 'CloudEvents type', storage: 'line', required: false },
  task_id: { type: 'string', description: 'Task it is about', storage: 'line', required: false },
  attempt: { type: 'number', description: 'Delivery attempt, from 1', storage: 'line', required: false },
  reason: { type: 'string', description: 'Why it happened', storage: 'line', required: false },
} as const satisfies Record<string, LogFieldDefinition>;

export type LogField = keyof typeof logFields | keyof typeof freeLogFields;

export const logLevels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Labels of a log stream beside the target labels. `log_format` is `json`, or `text` for what was not JSON. */
export const streamLabels = { level: logLevels, log_format: ['json', 'text'] } as const;

/** Names of fields, at any depth and in any case, whose values never leave the process. */
export const redactedFields = [
  'password',
  'passwd',
  'secret',
  'token',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
  'set-cookie',
  'api_key',
  'apikey',
  'x-api-key',
  'private_key',
  'client_secret',
  'credit_card',
  'card_number',
  'cvv',
  'ssn',
  'email',
  'phone',
] as const;

/** What stands in place of a redacted value. */
export const redactionMark = '[redacted]';

/** Longest log line in bytes; longer messages are cut and marked. Loki's own limit is 256 KiB. */
export const maxLogLineBytes = 64 * 1024;
