import type { z } from 'zod';
import { HttpProblem } from '../../telemetry/instrument/problem.ts';

/** At most this many wrong fields are named in one answer. */
const maxFields = 20;

/** Answered as RFC 9457 problem details whose `errors` name each field that is wrong. */
export function invalidInput(
  errors: readonly { readonly field: string; readonly detail: string }[],
): HttpProblem {
  const named = [...new Set(errors.map(({ field }) => field))].join(', ');
  return new HttpProblem(400, `Not valid: ${named}`, { errors });
}

/** The parsed value. @throws HttpProblem 400 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidInput(
    parsed.error.issues
      .slice(0, maxFields)
      .map((issue) => ({ field: fieldOf(issue), detail: issue.message })),
  );
}

/** An unknown key is named itself, not the object it stands in. */
function fieldOf(issue: z.core.$ZodIssue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  return path.join('.') || 'body';
}
