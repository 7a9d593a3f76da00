import { serviceNames } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import type { LogqlQuery } from '../../telemetry/query/query.ts';

interface ParameterDefinition {
  readonly description: string;
  /** Stands in the query until somebody gives a value. */
  readonly example: string;
  /** A value found nowhere else, in whose place a hole can be put. */
  readonly standIn: string;
  /** All that a value may be. Without control characters, and without `$`, which Grafana would fill in. */
  readonly allowed: RegExp;
}

/** What a person fills into a saved query. */
export const parameters = {
  user_id: {
    description: 'User, as `user_id` of the log lines',
    example: 'alice',
    standIn: 'stand-in-for-user',
    allowed: /^[^\p{Cc}$]{1,128}$/u,
  },
  request_id: {
    description: 'Request, as the header `X-Request-ID` of its answer',
    example: '0b6f1c1e-5a5e-4c39-9d59-3c8a6e0f7d21',
    standIn: 'stand-in-for-request',
    allowed: /^[\w.:-]{1,128}$/,
  },
  trace_id: {
    description: 'Trace, 32 hex digits, as the second part of the header `traceparent`',
    example: '4bf92f3577b34da6a3ce929d0e0e4736',
    standIn: 'facade00facade00facade00facade00',
    allowed: /^[0-9a-f]{32}$/,
  },
  service: {
    description: 'Service',
    example: serviceNames[0] ?? '',
    standIn: 'stand-in-for-service',
    allowed: /^[a-z][a-z0-9-]{0,62}$/,
  },
  milliseconds: {
    description: 'Duration in whole milliseconds',
    example: '1000',
    standIn: '7654321',
    allowed: /^\d{1,7}$/,
  },
} as const satisfies Record<string, ParameterDefinition>;

export type ParameterName = keyof typeof parameters;
export type ParameterValues = Readonly<Record<ParameterName, string>>;

const names = Object.keys(parameters) as readonly ParameterName[];

/**
 * The values given, and examples for the rest.
 * @throws SL1632 for a value that is not allowed, or is none of the query's
 */
export function valuesFor(
  query: { readonly id: string; readonly parameters: readonly ParameterName[] },
  given: Readonly<Record<string, string>>,
): ParameterValues {
  const where = `saved query ${query.id}`;
  for (const [name, value] of Object.entries(given)) {
    const known = query.parameters.find((each) => each === name);
    if (known === undefined)
      throw new SightlineError('SL1632', {
        what: `it has no parameter ${JSON.stringify(name)}`,
        where,
        fix: query.parameters.length > 0 ? `use: ${query.parameters.join(', ')}` : 'it takes none',
      });
    if (!parameters[known].allowed.test(value))
      throw new SightlineError('SL1632', {
        what: `${JSON.stringify(value.slice(0, 200))} is no value of ${known}`,
        where,
        fix: `${parameters[known].description}; for example ${parameters[known].example}`,
      });
  }
  const chosen = names.map((name) => [name, given[name] ?? parameters[name].example] as const);
  return Object.fromEntries(chosen) as ParameterValues;
}

/** A text as LogQL's string, whatever is in it. */
export const literal = (value: string): LogqlQuery => ({
  language: 'logql',
  parts: [{ kind: 'text', text: `"${value.replace(/[\\"]/g, '\\$&')}"` }],
});

/** A number that a person gave. */
export const amount = (digits: string): LogqlQuery => ({
  language: 'logql',
  parts: [{ kind: 'text', text: String(Number(digits)) }],
});
