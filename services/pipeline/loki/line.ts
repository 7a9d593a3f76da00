import type { AdmittedEntry } from '../entry.ts';

/** Fields of an entry that many values can stand in: beside the line, not among the labels. */
export const metadataFields = [
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

/** Members of a line that are no free fields. */
const isMember: ReadonlySet<string> = new Set([
  ...['timestamp', 'level', 'logger', 'message', 'request_id', 'user_id', 'trace_id', 'span_id', 'id'],
]);

const ownNames: ReadonlySet<string> = new Set([
  ...metadataFields,
  ...isMember,
  overflowMetadata,
  'service',
  'log_format',
  partitionLabel,
]);
const prefix = 'field_';
const prefixes = /^(?:field_)+/;

/** The line as every service of the platform writes it, in JSON. The id is in it so that two identical lines of one instant stay two. */
export function lineOf(entry: AdmittedEntry): string {
  const { id, event_ns, level, logger, message, request_id, user_id, trace_id, span_id, fields } = entry;
  const timestamp = rfc3339(event_ns);
  const own = { timestamp, level, logger, message, request_id, user_id, trace_id, span_id, id };
  return JSON.stringify(fields === undefined ? own : { ...own, ...renamed(fields, toldApart) });
}

type Line = Pick<AdmittedEntry, 'message' | 'fields'>;

/** What of an entry is in its line alone. One that is none of `lineOf` is a message whole. */
export function readLine(line: string): Line {
  const members = membersOf(line);
  if (members === undefined) return { message: line };
  const free = Object.entries(members).filter(([name]) => !isMember.has(name));
  const { message } = members;
  return free.length === 0 ? { message } : { message, fields: renamed(Object.fromEntries(free), asGiven) };
}

function membersOf(line: string): (Fields & Pick<Line, 'message'>) | undefined {
  try {
    const members = JSON.parse(line) as Partial<Line> | null;
    return typeof members?.message === 'string' ? (members as Fields & Pick<Line, 'message'>) : undefined;
  } catch {
    return undefined;
  }
}

type Fields = NonNullable<AdmittedEntry['fields']>;

/** A free field never takes the place of what every line has. */
const toldApart = (name: string): string => (isOwn(name) ? prefix + name : name);

const asGiven = (name: string): string =>
  name.startsWith(prefix) && isOwn(name.slice(prefix.length)) ? name.slice(prefix.length) : name;

/** Whether a free field of the name is told apart; also one that was, so that no two names become one. */
export const isOwn = (name: string): boolean =>
  ownNames.has(name.startsWith(prefix) ? name.replace(prefixes, '') : name);

/** The same object where nothing changes: this runs for each entry that has fields. */
function renamed(fields: Fields, rename: (name: string) => string): Fields {
  for (const name in fields) {
    if (rename(name) === name) continue;
    return Object.fromEntries(Object.entries(fields).map(([given, value]) => [rename(given), value]));
  }
  return fields;
}

/** As Loki wants names of labels; one that an entry has itself is told apart. */
export function labelName(tag: string): string {
  const name = tag.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|__)/, 'tag_');
  return ownNames.has(name) ? `tag_${name}` : name;
}

/** Lines that come together are mostly of one second: it is written out once. */
let latest = { seconds: '', text: '' };

/** RFC 3339 in UTC with nanoseconds. */
export function rfc3339(ns: string): string {
  const seconds = ns.slice(0, -9);
  if (latest.seconds !== seconds) {
    latest = { seconds, text: new Date(Number(seconds) * 1000).toISOString().slice(0, -4) };
  }
  return `${latest.text}${ns.slice(-9)}Z`;
}
