import { z } from 'zod';
import { instantOf } from './instants.ts';
import { levelNumbers, levelOf, levelPattern } from './levels.ts';

/** Characters that a name may have; it may become a label. */
export const nameLength = 100;
/** Characters of an id: of a request, a trace, a user. */
export const idLength = 200;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
export const control = /[\u0000-\u001f\u007f]/;
/** What an organization is called; it becomes a Loki tenant. */
export const organizationPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !control.test(text), 'has control characters')
    .meta({ pattern: '^[^\\u0000-\\u001f\\u007f]*$' });
const name = line(nameLength);
const id = line(idLength);

/** Names of the tags. */
export const tagName = /^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/;
export const tagLength = 200;

/**
 * A log entry as senders write it. The gateway admits by hand-written code, because this costs more than all the rest
 * of the admission; a property test holds the two together.
 */
export const entrySchema = z
  .looseObject({
    timestamp: z
      .union([z.string().meta({ format: 'date-time' }), z.number()])
      .refine((given) => instantOf(given) !== undefined, 'is no time')
      .nullish()
      .describe('RFC 3339 (UTC without a zone), or a count since the epoch; now unless given'),
    level: z
      .union([z.string().meta({ pattern: `^${levelPattern}$` }), z.number().meta({ enum: levelNumbers })])
      .refine((given) => levelOf(given) !== undefined, 'is no level')
      .nullish()
      .describe('DEBUG, INFO, WARNING, ERROR, CRITICAL or an alias such as warn; INFO unless given'),
    message: z.string().min(1),
    service: name.nullish().describe('The application it comes from; the source unless given'),
    source: name.nullish().describe('What within the application, or the device'),
    host: name.nullish(),
    logger: name.nullish(),
    organizationId: z
      .string()
      .regex(organizationPattern)
      .nullish()
      .describe('Only where the key has several'),
    request_id: id.nullish(),
    trace_id: id.nullish(),
    span_id: id.nullish(),
    user_id: id.nullish(),
    tags: z
      .record(z.string().regex(tagName), z.union([z.string().max(tagLength), z.number(), z.boolean()]))
      .nullish()
      .describe('Few values each'),
    fields: z.record(z.string(), z.json()).nullish(),
    metadata: z.record(z.string(), z.json()).nullish().describe('The same as fields'),
  })
  .describe('Unknown members are kept as fields')
  .meta({ id: 'LogEntry' });
