import { z } from 'zod';
import { instantOf } from './instants.ts';

/** A time in a query, as milliseconds since the epoch. */
export const moment = z
  .string()
  .max(64)
  .transform((text, context) => {
    const ms = instantOf(/^\d+$/.test(text) ? Number(text) : text)?.ms;
    if (ms !== undefined) return ms;
    context.addIssue('is no time');
    return z.NEVER;
  })
  .meta({ format: 'date-time' });
