import type { LogLevel } from '../../../telemetry/contract/logs.ts';
import { overflowMetadata } from '../../pipeline/loki/line.ts';
import { overflowService } from '../../pipeline/loki/stream-labels.ts';
import { wholeWords } from '../../pipeline/search-index/words.ts';

/** What is looked for. All of it holds at once. */
export interface LogFilter {
  /** A text that the line contains, upper and lower case as they are. */
  readonly query?: string | undefined;
  readonly levels?: readonly LogLevel[] | undefined;
  readonly service?: string | undefined;
  readonly request_id?: string | undefined;
  readonly trace_id?: string | undefined;
}

/**
 * The LogQL of a filter. Whatever stands in the filter can only ever be the value of a matcher or of a line filter:
 * every part of it goes through `quoted`.
 * @param among labels of the services that lines can be of; undefined is any
 */
export function logqlOf(
  { query, levels, service, request_id, trace_id }: LogFilter,
  among?: ReadonlySet<string>,
): string {
  const services = service === undefined ? among : [service, overflowService];
  const matchers = [
    `service=~${services === undefined ? '".+"' : quoted([...services].map(literal).join('|'))}`,
    ...(levels === undefined ? [] : [`level=~${quoted(levels.join('|'))}`]),
  ];
  const filters = [
    ...(query === undefined ? [] : [`|= ${quoted(asInLine(query))}`]),
    ...metadataFilter('request_id', request_id),
    ...metadataFilter('trace_id', trace_id),
    ...(service === undefined
      ? []
      : [`| service = ${quoted(service)} or ${overflowMetadata} = ${quoted(service)}`]),
  ];
  return [`{${matchers.join(', ')}}`, ...filters].join(' ');
}

/** Numbers of words that stand in every line the filter finds, as the search index has them. */
export function wordsOf({ query = '', request_id = '', trace_id = '' }: LogFilter): readonly number[] {
  const quotedIds = [request_id, trace_id].map((id) => `"${asInLine(id)}"`);
  return [...new Set([asInLine(query), ...quotedIds].flatMap(wholeWords))];
}

/** The line filter says the same again: it is much cheaper, and leaves the other little to look at. */
function metadataFilter(name: 'request_id' | 'trace_id', value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`|= ${quoted(asInLine(value))}`, `| ${name} = ${quoted(value)}`];
}

/** Lines are JSON: in them a text is escaped as JSON has it. */
const asInLine = (text: string): string => JSON.stringify(text.toWellFormed()).slice(1, -1);

/** A text as an expression that only it matches. */
const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/**
 * A text as LogQL quotes it, which is as Go does: all but harmless ASCII is escaped by its code point, so that nothing in
 * it can end the quotes.
 */
export function quoted(text: string): string {
  let inner = '';
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (/^[A-Za-z0-9 _.,:;/@#%&*+=<>?!()[\]{}|~^$'-]$/.test(character)) inner += character;
    else if (code <= 0xffff) inner += `\\u${code.toString(16).padStart(4, '0')}`;
    else inner += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return `"${inner}"`;
}
