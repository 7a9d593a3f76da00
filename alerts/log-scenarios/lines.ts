import { type LogLineName, logLines } from '../../telemetry/contract/log-lines.ts';
import { type LogLevel, logFields } from '../../telemetry/contract/logs.ts';
import { namespaces, type ServiceName, serviceNames } from '../../telemetry/contract/services.ts';
import type { DeclaredLineName, FieldsOfLine } from '../../telemetry/instrument/declared-line.ts';
import { contextPart, freeFields, lineHead, messagePart } from '../../telemetry/instrument/log-line.ts';
import type { LogFields } from '../../telemetry/instrument/logger.ts';
import { type Duration, durationMs } from '../../telemetry/query/scale-time.ts';

/** When lines are written, since the scenario began: the first, how many, and how far apart (a second). */
interface When {
  readonly at: Duration;
  readonly times?: number;
  readonly every?: Duration;
}

/** The same line written a number of times. */
export interface Writing {
  readonly service: string;
  /** A JSON line by its parts, or the text of one that is not. */
  readonly line: JsonLine | string;
  readonly when: When;
}

interface JsonLine {
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** One of the contract's lines, by the first of its services. */
export function logged<N extends DeclaredLineName>(name: N, fields: FieldsOfLine<N>, when: When): Writing {
  const { level, logger, message, services } = logLines[name];
  return { service: services[0], line: { level, logger, message, fields }, when };
}

type FailedRequest = FieldsOfLine<'request_failed' & LogLineName>;

/** The line of a request that was answered with 5xx. */
export function requestFailed(service: ServiceName, fields: FailedRequest, when: When): Writing {
  const { level, logger } = logLines.request_failed;
  const message = `${fields.http_request_method} ${fields.http_route} answered with status 500`;
  return { service, line: { level, logger, message, fields }, when };
}

/** Any other JSON line. */
export const wrote = (
  service: string,
  level: LogLevel,
  message: string,
  fields: LogFields,
  when: When,
): Writing => ({ service, line: { level, logger: 'tasks', message, fields }, when });

/** A line that went past the logger. */
export const plain = (service: string, text: string, when: When): Writing => ({ service, line: text, when });

/** The same JSON lines but for one thing each, by which they are no longer those that a rule is about. */
export function lookalikes(lines: readonly Writing[]): readonly (readonly [string, readonly Writing[]])[] {
  const changed = (change: (line: JsonLine) => JsonLine, service?: string) =>
    lines.map((writing) => ({
      ...writing,
      ...(service !== undefined && { service }),
      line: typeof writing.line === 'string' ? writing.line : change(writing.line),
    }));
  return [
    ['a program that is none of ours writes them', changed((line) => line, 'grafana')],
    ['they are of another level', changed((line) => ({ ...line, level: 'DEBUG' }))],
    ['another logger writes them', changed((line) => ({ ...line, logger: 'other' }))],
    ['they say something else', changed((line) => ({ ...line, message: `${line.message}, or not` }))],
  ];
}

/** What Loki takes as one stream. */
export interface PushedStream {
  readonly stream: Readonly<Record<string, string>>;
  /** Nanoseconds, the line, and its structured metadata. */
  readonly values: readonly (readonly [string, string, Readonly<Record<string, string>>])[];
}

/** The labels that tell whose a line is, as relabelling sets them. */
export function subjectOf(service: string) {
  const namespace = serviceNames.some((name) => name === service) ? namespaces.services : namespaces.stack;
  return { cluster: 'local', environment: 'local', namespace, service } as const;
}

/**
 * The lines as the pipeline pushes them: the text is made by the logger's own functions, and the contract says which
 * fields become labels and which structured metadata.
 * @param start milliseconds of the epoch
 */
export function pushed({ service, line, when }: Writing, start: number): PushedStream {
  const first = start + milliseconds(when.at);
  const step = milliseconds(when.every ?? '1s');
  const values = Array.from({ length: when.times ?? 1 }, (_, index) => {
    const time = first + index * step;
    const text = typeof line === 'string' ? line : textOf(line, time);
    return [`${time}000000`, text, typeof line === 'string' ? {} : storedAs('metadata', text)] as const;
  });
  const [, text = ''] = values[0] ?? [];
  return {
    stream: {
      ...subjectOf(service),
      pod: `${service}-0`,
      container: service,
      ...(typeof line === 'string'
        ? { log_format: 'text' }
        : { ...storedAs('label', text), log_format: 'json' }),
    },
    values,
  };
}

const milliseconds = (duration: Duration): number => durationMs(duration) ?? Number.NaN;

function textOf({ level, logger, message, fields }: JsonLine, time: number): string {
  const timestamp = new Date(time).toISOString().replace('Z', '000Z');
  const free = JSON.stringify(freeFields(fields)).slice(1, -1);
  const context = contextPart(undefined, fields);
  return `{"timestamp":"${timestamp}${lineHead(level, logger)}${messagePart(message)}${context}${free && `,${free}`}}`;
}

/** The contract's fields of a line that Loki keeps in this way. */
function storedAs(storage: 'label' | 'metadata', text: string): Readonly<Record<string, string>> {
  const fields = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(logFields).flatMap(([name, field]) =>
      field.storage === storage && name in fields ? [[name, String(fields[name])]] : [],
    ),
  );
}
