import { z } from 'zod';
import type { FoundEntry } from './found-entry.ts';

/** One kind of error message. */
export const errorPattern = z
  .object({
    pattern: z.string().describe('The message with its changing parts as <…>'),
    count: z.int(),
    services: z.array(z.string()),
    trend: z.enum(['new', 'rising', 'steady', 'falling']),
    first_seen: z.string(),
    last_seen: z.string(),
    sample: z.string(),
    sample_id: z.string().optional(),
  })
  .meta({ id: 'ErrorPattern' });
export type ErrorPattern = z.output<typeof errorPattern>;

/** Parts of a message that change from one time to the next; the more telling first. */
const variables: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>'],
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g, '<email>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/"[^"]*"|'[^']*'/g, '<text>'],
  [/(?<![A-Za-z])[-+]?\d+(?:\.\d+)?/g, '<number>'],
];
/** Characters of a message that tell its pattern. */
const looked = 400;

function patternOf(message: string): string {
  let pattern = message.slice(0, looked).replaceAll(/\s+/g, ' ').trim();
  for (const [part, name] of variables) pattern = pattern.replaceAll(part, name);
  return pattern;
}

interface Group {
  readonly newest: FoundEntry;
  oldest: FoundEntry;
  readonly services: Set<string>;
  count: number;
  /** In the later half of the time that was looked at. */
  later: number;
}

/**
 * Groups errors by pattern, the most frequent first.
 * @param entries newest first @param startMs and @param endMs the time they are of, in milliseconds since the epoch
 */
export function patternsOf(
  entries: readonly FoundEntry[],
  startMs: number,
  endMs: number,
): readonly ErrorPattern[] {
  const middle = (startMs + endMs) / 2;
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const pattern = patternOf(entry.message);
    const later = Date.parse(entry.timestamp) >= middle ? 1 : 0;
    const group = groups.get(pattern);
    if (group === undefined) {
      const services = new Set([entry.service]);
      groups.set(pattern, { newest: entry, oldest: entry, services, count: 1, later });
      continue;
    }
    group.oldest = entry;
    group.services.add(entry.service);
    group.count += 1;
    group.later += later;
  }
  return [...groups]
    .map(([pattern, group]) => described(pattern, group))
    .sort((a, b) => b.count - a.count || a.pattern.localeCompare(b.pattern));
}

function described(pattern: string, { newest, oldest, services, count, later }: Group): ErrorPattern {
  return {
    pattern,
    count,
    services: [...services].sort(),
    trend: trendOf(count - later, later),
    first_seen: oldest.timestamp,
    last_seen: newest.timestamp,
    sample: newest.message.slice(0, 2000),
    ...(newest.id === undefined ? {} : { sample_id: newest.id }),
  };
}

/** By half: twice as many, or half as many, is more than chance for what people look at. */
function trendOf(earlier: number, later: number): ErrorPattern['trend'] {
  if (earlier === 0) return 'new';
  if (later >= 2 * earlier) return 'rising';
  return later * 2 <= earlier ? 'falling' : 'steady';
}
