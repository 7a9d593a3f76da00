import { scrubText } from './redact.ts';
import { cutText } from './sanitize.ts';

export interface ErrorFields {
  readonly error_type: string;
  readonly error_message: string;
  readonly error_stack?: string;
  readonly error_code?: string;
}

const maxCauses = 5;

/** The fields of a log line that describe what was thrown, its causes in the stack. Scrubbed of secrets. */
export function errorFields(thrown: unknown): ErrorFields {
  if (!(thrown instanceof Error)) {
    return { error_type: typeof thrown, error_message: scrubText(cutText(describe(thrown))) };
  }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return {
    error_type: thrown.name,
    error_message: scrubText(cutText(thrown.message)),
    error_stack: scrubText(cutText(stackWithCauses(thrown))),
    ...(code === undefined ? {} : { error_code: scrubText(code) }),
  };
}

function describe(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : `a thrown ${thrown === null ? 'null' : typeof thrown}`;
}

function stackWithCauses(error: Error): string {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth <= maxCauses && current instanceof Error; depth += 1) {
    parts.push(current.stack ?? `${current.name}: ${current.message}`);
    if (current instanceof AggregateError) {
      for (const part of current.errors.slice(0, maxCauses)) {
        parts.push(part instanceof Error ? `${part.name}: ${part.message}` : describe(part));
      }
    }
    current = current.cause;
  }
  return parts.join('\ncaused by: ');
}
