import { type LogLine, lineTime } from './frames.ts';

/** A log line as the panel shows it: parsed where it is JSON, whole otherwise. */
export interface LogRecord {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly level: string;
  readonly message: string;
  /** Everything known about it, in the order it is shown. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly raw: string;
}

export function toRecord(line: LogLine): LogRecord {
  const parsed = parseObject(line.line);
  const level = String(parsed?.level ?? line.labels.level ?? line.labels.detected_level ?? 'UNKNOWN');
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed ?? {}))
    if (name !== 'message') fields.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  for (const [name, value] of Object.entries(line.labels)) if (!fields.has(name)) fields.set(name, value);
  const message = parsed && typeof parsed.message === 'string' ? parsed.message : line.line;
  return { time: lineTime(line), level: level.toUpperCase(), message, fields: [...fields], raw: line.line };
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
