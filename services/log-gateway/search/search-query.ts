import { z } from 'zod';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';
import { organizationPattern } from '../intake/entry-schema.ts';
import { instantOf } from '../intake/instants.ts';
import { levelOf } from '../intake/levels.ts';

const moment = z
  .string()
  .max(64)
  .transform((text, context) => {
    const ms = instantOf(/^\d+$/.test(text) ? Number(text) : text)?.ms;
    if (ms !== undefined) return ms;
    context.addIssue('is no time');
    return z.NEVER;
  })
  .meta({ format: 'date-time' });

const levels = z
  .string()
  .max(100)
  .transform((text, context) => {
    const found = text.split(',').map((one) => levelOf(one));
    if (found.every((one) => one !== undefined)) return found;
    context.addIssue('is no level');
    return z.NEVER;
  });

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

/** @param most lines of one page */
export function searchQuery({ searchLines }: Pick<PipelineConfig['limits'], 'searchLines'>) {
  return z.strictObject({
    ...filterShape,
    start_time: moment
      .optional()
      .describe('RFC 3339 or seconds since the epoch; an hour before the end unless given'),
    end_time: moment.optional().describe('Now unless given'),
    limit: z.coerce.number().int().min(1).max(searchLines).default(Math.min(100, searchLines)),
    cursor: z.string().min(1).max(150_000).optional().describe('next_cursor of the page before'),
  });
}

export const patternsQuery = z.strictObject({
  hours: z.coerce.number().min(0.1).max(744).default(24),
  service: text(100).optional(),
  organization: z.string().regex(organizationPattern).optional(),
});
