import { z } from 'zod';
import { overflowMetadata, partitionLabel } from '../../pipeline/loki/line.ts';
import { isObject } from '../forms/json.ts';
import type { LokiLine } from './loki-client.ts';

/** An entry as a search gives it. */
export const foundEntry = z
  .object({
    id: z.string().optional(),
    timestamp: z.string().describe('RFC 3339 with nanoseconds: where it is in the order of all entries'),
    event_timestamp: z.string().optional().describe('The time that its sender gave'),
    level: z.string(),
    service: z.string(),
    message: z.string(),
    source: z.string().optional(),
    host: z.string().optional(),
    logger: z.string().optional(),
    request_id: z.string().optional(),
    trace_id: z.string().optional(),
    span_id: z.string().optional(),
    user_id: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional().describe('Labels and tags beside these'),
    fields: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'FoundEntry' });
export type FoundEntry = z.output<typeof foundEntry>;

const names = ['id', 'source', 'host', 'logger', 'request_id', 'trace_id', 'span_id', 'user_id'] as const;
const known: ReadonlySet<string> = new Set([
  ...names,
  'timestamp',
  'level',
  'service',
  'message',
  'event_ns',
  overflowMetadata,
  partitionLabel,
  'log_format',
  'detected_level',
  'service_name',
]);

/** What was sent, from the line and from what Loki keeps beside it. A line that is no JSON is a message. */
export function foundEntryOf({ ns, line, labels }: LokiLine): FoundEntry {
  const parsed = parsedLine(line);
  const texts: Partial<Record<(typeof names)[number], string>> = {};
  for (const name of names) {
    const value = textIn(parsed[name]) ?? labels[name];
    if (value !== undefined) texts[name] = value;
  }
  const event = textIn(parsed.timestamp);
  const others = Object.entries(labels).filter(([name]) => !known.has(name));
  const fields = Object.entries(parsed).filter(([name]) => !known.has(name));
  return {
    ...texts,
    timestamp: rfc3339(ns),
    ...(event === undefined ? {} : { event_timestamp: event }),
    level: labels.level ?? textIn(parsed.level) ?? 'INFO',
    service: labels[overflowMetadata] ?? labels.service ?? labels.service_name ?? 'unknown',
    message: textIn(parsed.message) ?? line,
    ...(others.length === 0 ? {} : { labels: Object.fromEntries(others) }),
    ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
  };
}

function parsedLine(line: string): Readonly<Record<string, unknown>> {
  if (!line.startsWith('{')) return {};
  try {
    const parsed: unknown = JSON.parse(line);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function rfc3339(ns: string): string {
  return `${new Date(Number(ns.slice(0, -6))).toISOString().slice(0, -1)}${ns.slice(-6)}Z`;
}
