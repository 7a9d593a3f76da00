import { pino } from 'pino';
import { type freeLogFields, type LogLevel, logLevels } from '../contract/logs.ts';
import { SightlineError } from '../errors.ts';
import { activeSpan } from './active-span.ts';
import { timestamp } from './clock.ts';
import type { DeferredLine, LogDestination } from './log-destination.ts';
import { boundLine, contextPart, freeFields, lineHead, messagePart } from './log-line.ts';

type TypeOf<T> = T extends 'number' ? number : T extends 'boolean' ? boolean : string;
type DeclaredFields = {
  readonly [K in keyof typeof freeLogFields]?: TypeOf<(typeof freeLogFields)[K]['type']> | undefined;
};

/**
 * Free fields. Those that the contract declares have its type; `error` is taken apart into `error_type`,
 * `error_message` and `error_stack`. `request_id`, `user_id`, `trace_id` and `span_id` override the context.
 */
export type LogFields = DeclaredFields & { readonly error?: unknown } & Readonly<Record<string, unknown>>;

/** Writes lines of one dotted name. A level that is off costs a comparison. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
}

export interface LogSystem {
  logger(name: string): Logger;
  /** A writer for lines whose parts are safe, short and already JSON: past pino, for the hot path of requests. */
  lineWriter(name: string, level: LogLevel): LineWriter;
  /** Lines written so far, by level. */
  readonly counts: Readonly<Record<LogLevel, number>>;
  flush(): void;
}

/** `message` is a JSON string, `context` and `fields` are `,"name":value…`. */
export interface LineWriter {
  readonly enabled: boolean;
  /** @param at when it happened, of performance.now() */
  line(at: number, message: string, context: string, fields: string): string;
  /** Has the line written in its turn; it is made no sooner. */
  defer(line: DeferredLine): void;
}

const engineLevels = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
} as const satisfies Record<LogLevel, string>;
const nothing = {};

/**
 * The level of LOG_LEVEL, in any case; INFO where it is not set.
 * @throws SL1440 for anything that is not a level
 */
export function levelFrom(env: NodeJS.ProcessEnv): LogLevel {
  const given = env.LOG_LEVEL;
  if (given === undefined || given === '') return 'INFO';
  const level = logLevels.find((name) => name === given.toUpperCase());
  if (level !== undefined) return level;
  throw new SightlineError('SL1440', {
    what: `LOG_LEVEL is "${given.slice(0, 40)}"`,
    where: 'environment variable LOG_LEVEL',
    fix: `set it to one of ${logLevels.join(', ')}, or leave it out for INFO`,
  });
}

/**
 * pino, made to write the contract's line. pino puts its level first and its message last, and the line wants
 * another order: so the whole head goes where pino takes its time stamp from, and pino adds the free fields.
 */
export function createLogSystem(level: LogLevel, destination: LogDestination): LogSystem {
  let head = '';
  const engine = pino(
    {
      level: engineLevels[level],
      base: null,
      errorKey: 'pino_error',
      formatters: { level: () => ({}) },
      timestamp: () => head,
      hooks: { streamWrite: boundLine },
    },
    destination,
  );
  const counts: Record<LogLevel, number> = { DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 };
  const isOn = (candidate: LogLevel) => logLevels.indexOf(candidate) >= logLevels.indexOf(level);

  function write(at: LogLevel, fixed: string, message: string, fields: LogFields | undefined): void {
    const context = contextPart(activeSpan.getStore(), fields);
    const free = fields === undefined ? nothing : freeFields(fields);
    head = `"timestamp":"${timestamp()}${fixed}${messagePart(message)}${context}`;
    counts[at] += 1;
    engine[engineLevels[at]](free);
  }

  function method(at: LogLevel, name: string): (message: string, fields?: LogFields) => void {
    if (!isOn(at)) return () => {};
    const fixed = lineHead(at, name);
    return (message, fields) => write(at, fixed, message, fields);
  }

  return {
    counts,
    flush: () => destination.flushSync(),
    logger: (name) => ({
      debug: method('DEBUG', name),
      info: method('INFO', name),
      warning: method('WARNING', name),
      error: method('ERROR', name),
      critical: method('CRITICAL', name),
    }),
    lineWriter: (name, at) => {
      const fixed = lineHead(at, name);
      return {
        enabled: isOn(at),
        line: (moment, message, context, fields) =>
          `{"timestamp":"${timestamp(moment)}${fixed}${message}${context}${fields}}\n`,
        defer(line) {
          counts[at] += 1;
          destination.defer(line);
        },
      };
    },
  };
}
