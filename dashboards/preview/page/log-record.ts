import { type LogLine, lineTime } from './frames.ts';

/** A log line as the panel shows it: parsed where it is JSON, whole otherwise. */
export interface LogRecord {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly level: string;
  readonly message: string;
  /** Everything known about it, in the order it is shown. */
  readonly fields: readonly Field[];
  /** The same by where it comes from; those without any are left out. */
  readonly groups: readonly { readonly title: string; readonly fields: readonly Field[] }[];
  readonly raw: string;
}

type Field = readonly [name: string, value: string];

export function toRecord(line: LogLine): LogRecord {
  const json = parseObject(line.line);
  const { labels, metadata = {}, parsed = {} } = line;
  const level = String(
    json?.level ?? labels.level ?? labels.detected_level ?? metadata.detected_level ?? 'UNKNOWN',
  );
  const messageField = ['message', 'msg'].find((name) => typeof json?.[name] === 'string');
  const own: readonly Field[] = Object.entries(json ?? {})
    .filter(([name]) => name !== messageField)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  const groups = [
    { title: 'Fields', fields: own },
    { title: 'Parsed by the query', fields: Object.entries(parsed) },
    { title: 'Labels', fields: Object.entries(labels) },
    { title: 'Structured metadata', fields: Object.entries(metadata) },
  ].filter(({ fields }) => fields.length > 0);
  const fields = new Map<string, string>();
  for (const [name, value] of groups.flatMap((group) => group.fields))
    if (!fields.has(name)) fields.set(name, value);
  const message = messageField === undefined ? line.line : String(json?.[messageField]);
  return {
    time: lineTime(line),
    level: level.toUpperCase(),
    message,
    fields: [...fields],
    groups,
    raw: line.line,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the line, its labels or its level contain the text, in any case of letters. */
export function containsText(record: LogRecord, text: string): boolean {
  const wanted = text.toLowerCase();
  return (
    record.raw.toLowerCase().includes(wanted) ||
    record.fields.some(([name, value]) => `${name}=${value}`.toLowerCase().includes(wanted))
  );
}
