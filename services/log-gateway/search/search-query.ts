import { z } from 'zod';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';
import { organizationPattern } from '../intake/entry-schema.ts';
import { levelOf, levelPattern } from '../intake/levels.ts';
import { moment } from '../intake/moment.ts';
import { longestCursor } from './cursor.ts';

const levels = z
  .string()
  .max(100)
  .transform((text, context) => {
    const found = text.split(',').map((one) => levelOf(one));
    if (found.every((one) => one !== undefined)) return found;
    context.addIssue('is no level');
    return z.NEVER;
  })
  .meta({ pattern: `^${levelPattern}(?:,${levelPattern})*$` });

const text = (most: number) => z.string().min(1).max(most);

/** What can be filtered by, in a search and in a tail. */
const filterShape = {
  query: text(500).optional().describe('A text that the line contains'),
  level: levels.optional().describe('One or more, with commas between'),
  service: text(100).optional(),
  organization: z.string().regex(organizationPattern).optional().describe('Only where the key has several'),
  request_id: text(200).optional(),
  trace_id: text(200).optional(),
};

export const tailQuery = z.strictObject(filterShape).meta({ id: 'TailQuery' });

/** Lines of one page at most, and the longest time that is looked at. */
export type SearchLimits = Pick<PipelineConfig['limits'], 'searchLines' | 'searchRangeHours'>;

export function searchQuery({ searchLines }: Pick<SearchLimits, 'searchLines'>) {
  return z.strictObject({
    ...filterShape,
    start_time: moment
      .optional()
      .describe('RFC 3339 or seconds since the epoch; an hour before the end unless given'),
    end_time: moment.optional().describe('Now unless given'),
    limit: z.coerce.number().int().min(1).max(searchLines).default(Math.min(100, searchLines)),
    cursor: z.string().min(1).max(longestCursor).optional().describe('next_cursor of the page before'),
  });
}

export function patternsQuery({ searchRangeHours }: Pick<SearchLimits, 'searchRangeHours'>) {
  return z.strictObject({
    hours: z.coerce.number().min(0.1).max(searchRangeHours).default(Math.min(24, searchRangeHours)),
    service: text(100).optional(),
    organization: z.string().regex(organizationPattern).optional(),
  });
}
