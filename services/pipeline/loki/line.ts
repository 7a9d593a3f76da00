import type { AdmittedEntry } from '../entry.ts';
import type { PushEntry } from './push-proto.ts';

/** Fields of an entry that many values can stand in: beside the line, not among the labels. */
const metadataFields = [
  'id',
  'event_ns',
  'request_id',
  'trace_id',
  'span_id',
  'user_id',
  'host',
  'source',
  'logger',
] as const satisfies readonly (keyof AdmittedEntry)[];

/** Where the name of a service is that is not among the labels. */
export const overflowMetadata = 'overflow_service';

/** The label that keeps the streams of a Kafka partition apart from those of others, which other ingestors may read. */
export const partitionLabel = 'kafka_partition';

const ownNames: ReadonlySet<string> = new Set([
  ...metadataFields,
  overflowMetadata,
  'timestamp',
  'level',
  'message',
  'service',
  'log_format',
  partitionLabel,
]);

/** What of an entry did not become a label of its stream. */
export interface Beside {
  readonly tags?: AdmittedEntry['tags'];
  /** Its service. */
  readonly isOverflow?: boolean;
}

/**
 * What Loki keeps of an entry: the line as every service of the platform writes it, in JSON, and what can be searched
 * without parsing it. The id is in the line so that two identical lines of one instant stay two.
 */
export function pushEntryOf(entry: AdmittedEntry, { tags, isOverflow }: Beside = {}): PushEntry {
  const structuredMetadata = [];
  for (const name of metadataFields) {
    const value = entry[name];
    if (value !== undefined) structuredMetadata.push({ name, value });
  }
  if (isOverflow) structuredMetadata.push({ name: overflowMetadata, value: entry.service });
  for (const name in tags) {
    structuredMetadata.push({ name: labelName(name), value: String(tags[name]) });
  }
  return { timestamp: instantOf(entry.timestamp_ns), line: lineOf(entry), structuredMetadata };
}

function lineOf(entry: AdmittedEntry): string {
  const { id, event_ns, level, logger, message, request_id, user_id, trace_id, span_id, fields } = entry;
  const timestamp = rfc3339(event_ns);
  const own = { timestamp, level, logger, message, request_id, user_id, trace_id, span_id, id };
  return JSON.stringify(fields === undefined ? own : { ...own, ...renamed(fields) });
}

/** A free field never takes the place of what every line has. */
function renamed(fields: NonNullable<AdmittedEntry['fields']>): NonNullable<AdmittedEntry['fields']> {
  let free = fields;
  for (const name in fields) {
    if (!ownNames.has(name)) continue;
    const { [name]: value = null, ...others } = free;
    free = { ...others, [`field_${name}`]: value };
  }
  return free;
}

/** As Loki wants names of labels; one that an entry has itself is told apart. */
export function labelName(tag: string): string {
  const name = tag.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|__)/, 'tag_');
  return ownNames.has(name) ? `tag_${name}` : name;
}

function instantOf(ns: string): PushEntry['timestamp'] {
  return { seconds: Number(ns.slice(0, -9)), nanos: Number(ns.slice(-9)) };
}

/** Lines that come together are mostly of one second: it is written out once. */
let latest = { seconds: '', text: '' };

/** RFC 3339 in UTC with nanoseconds. */
function rfc3339(ns: string): string {
  const seconds = ns.slice(0, -9);
  if (latest.seconds !== seconds) {
    latest = { seconds, text: new Date(Number(seconds) * 1000).toISOString().slice(0, -4) };
  }
  return `${latest.text}${ns.slice(-9)}Z`;
}
