import type { LogLevel } from '../../../telemetry/contract/logs.ts';

/** What senders call the levels, in any case. Numbers are those of pino and bunyan. */
export const levelAliases = {
  TRACE: 'DEBUG',
  VERBOSE: 'DEBUG',
  DEBUG: 'DEBUG',
  DBG: 'DEBUG',
  INFO: 'INFO',
  INFORMATION: 'INFO',
  INFORMATIONAL: 'INFO',
  NOTICE: 'INFO',
  LOG: 'INFO',
  WARN: 'WARNING',
  WARNING: 'WARNING',
  ERR: 'ERROR',
  ERROR: 'ERROR',
  SEVERE: 'ERROR',
  CRIT: 'CRITICAL',
  CRITICAL: 'CRITICAL',
  FATAL: 'CRITICAL',
  ALERT: 'CRITICAL',
  EMERG: 'CRITICAL',
  EMERGENCY: 'CRITICAL',
  PANIC: 'CRITICAL',
  10: 'DEBUG',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARNING',
  50: 'ERROR',
  60: 'CRITICAL',
} as const satisfies Readonly<Record<string | number, LogLevel>>;

const byName: ReadonlyMap<unknown, LogLevel> = new Map(
  Object.entries(levelAliases).flatMap(([name, level]): readonly (readonly [unknown, LogLevel])[] => [
    [name, level],
    [name.toLowerCase(), level],
    [Number(name), level],
  ]),
);

const anyCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`);

/** A level in the words of JSON Schema, which knows no upper and lower case. */
export const levelPattern = `(?:${Object.keys(levelAliases).map(anyCase).join('|')})`;
export const levelNumbers = Object.keys(levelAliases).map(Number).filter(Number.isInteger);

/** The contract's level for what a sender calls it; undefined where it is none. */
export function levelOf(given: unknown): LogLevel | undefined {
  const known = byName.get(given);
  if (known !== undefined || typeof given !== 'string' || given.length > 20) return known;
  return byName.get(given.trim().toUpperCase());
}
