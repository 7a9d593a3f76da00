import { type LogLineName, logLines } from '../contract/log-lines.ts';
import type { ErrorFields } from './error-fields.ts';
import type { LogFields, LogSystem } from './logger.ts';

type FieldOf<N extends LogLineName> = (typeof logLines)[N]['fields'][number];

/** Lines with a text of their own. */
export type DeclaredLineName = {
  [N in LogLineName]: (typeof logLines)[N] extends { readonly message: string } ? N : never;
}[LogLineName];

/** What the contract says that the line has, `error` in place of the fields it is taken apart into; more may follow. */
export type FieldsOfLine<N extends LogLineName> = LogFields & {
  readonly [F in Exclude<FieldOf<N>, keyof ErrorFields>]: NonNullable<LogFields[F]>;
} & ('error_type' extends FieldOf<N> ? { readonly error: unknown } : unknown);

/** Writes one of the contract's lines. */
export type LineLog<N extends DeclaredLineName> = (fields: FieldsOfLine<N>) => void;

const methods = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warning',
  ERROR: 'error',
  CRITICAL: 'critical',
} as const;

/** Level, logger and text are the contract's. */
export function declaredLine<N extends DeclaredLineName>(name: N, loggerOf: LogSystem['logger']): LineLog<N> {
  const { level, logger, message } = logLines[name];
  const write = loggerOf(logger)[methods[level]];
  return (fields) => write(message, fields);
}
