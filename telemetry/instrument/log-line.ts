import { type LogLevel, logFields, maxLogLineBytes, redactionMark } from '../contract/logs.ts';
import type { ActiveSpan } from './active-span.ts';
import { errorFields } from './error-fields.ts';
import { isRedactedName, scrubText } from './redact.ts';
import { cutText, type LoggableValue, sanitize } from './sanitize.ts';

/** The four fields that come from the request, and may be given by hand outside of one. */
const contextFields = ['request_id', 'user_id', 'trace_id', 'span_id'] as const;

/** The first part of every line of a logger at a level, serialised once. */
export function lineHead(level: LogLevel, logger: string): string {
  return `","level":"${level}","logger":${JSON.stringify(logger)},"message":`;
}

/** `,"request_id":…` from what was given by hand, else from the span. */
export function contextPart(
  span: ActiveSpan | undefined,
  fields: Readonly<Record<string, unknown>> | undefined,
): string {
  const given = fields === undefined ? undefined : contextFields.filter((name) => name in fields);
  if (fields === undefined || given === undefined || given.length === 0) return span?.serialized ?? '';
  const known = {
    request_id: span?.requestId,
    user_id: span?.userId,
    trace_id: span?.traceId,
    span_id: span?.spanId,
  };
  let part = '';
  for (const name of contextFields) {
    const value = fields[name] ?? known[name];
    if (typeof value === 'string') part += `,"${name}":${JSON.stringify(value)}`;
  }
  return part;
}

/** Message as JSON, scrubbed and bounded. */
export function messagePart(message: string): string {
  return JSON.stringify(scrubText(cutText(message)));
}

/** Free fields ready to be written: redacted, errors taken apart, the line's own names kept free. */
export function freeFields(fields: Readonly<Record<string, unknown>>): Record<string, LoggableValue> {
  const free: Record<string, LoggableValue> = {};
  let describesError = false;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (isRedactedName(name)) {
      if (value !== undefined) free[name] = redactionMark;
    } else if (value instanceof Error || (name === 'error' && value !== undefined)) {
      if (!describesError) Object.assign(free, errorFields(value));
      else free[name] = sanitize(value) ?? null;
      describesError = true;
    } else if (!isContextField(name)) {
      const copy = sanitize(value);
      if (copy !== undefined) free[name in logFields ? `field_${name}` : name] = copy;
    }
  }
  return free;
}

function isContextField(name: string): boolean {
  return name === 'request_id' || name === 'user_id' || name === 'trace_id' || name === 'span_id';
}

const cutMark = { line_cut: true };
/** What the mark and the braces of a shortened line need. */
const cutReserve = 64;
const shortMessageLength = 4 * 1024;

/** The line itself, or where it is longer than the contract allows, the same with fields left out and marked. */
export function boundLine(line: string): string {
  if (line.length * 3 <= maxLogLineBytes || Buffer.byteLength(line) <= maxLogLineBytes) return line;
  const whole = JSON.parse(line) as Record<string, LoggableValue>;
  const kept: Record<string, LoggableValue> = {};
  let left = maxLogLineBytes - cutReserve;
  for (const [name, value] of Object.entries(whole)) {
    const short = typeof value === 'string' ? cutText(value, shortMessageLength) : value;
    const bytes = Buffer.byteLength(JSON.stringify(name)) + Buffer.byteLength(JSON.stringify(short)) + 2;
    if (bytes > left) continue;
    kept[name] = short;
    left -= bytes;
  }
  return `${JSON.stringify({ ...kept, ...cutMark })}\n`;
}
