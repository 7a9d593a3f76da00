import { z } from 'zod';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const minute = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const clock = z.string().regex(minute).meta({ allowed: 'a time of day such as 08:00, or 24:00' });

/** Hours in which some alerts are not told. They are told when the window ends, if they still fire. */
const muteWindow = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,49}$/)
    .meta({
      description: 'What Alertmanager calls it, and shows beside an alert that it mutes',
      allowed: 'lower-case letters, digits and hyphens',
    }),
  because: z
    .string()
    .refine((value) => value.trim() !== '')
    .meta({ description: 'Why nobody needs to hear of them then', allowed: 'a text that is not empty' }),
  severities: z
    .array(z.enum(['warning', 'info']))
    .min(1)
    .meta({
      description: 'What is muted',
      allowed: 'warning, info or both: a critical alert cannot be muted',
    }),
  quiet: z.enum(['inside', 'outside']).meta({
    description: 'Whether it is quiet within these hours, or at all other times',
    allowed: 'inside or outside',
  }),
  timeZone: z.string().refine(isTimeZone).meta({
    description: 'Time zone of the hours',
    allowed: 'a name of the IANA time zone database such as Europe/Berlin, or UTC',
  }),
  weekdays: z
    .array(z.enum(weekdays))
    .min(1)
    .meta({ description: 'Days of the week', allowed: `some of ${weekdays.join(', ')}` }),
  times: z
    .array(
      z
        .strictObject({ from: clock, to: clock })
        .refine(({ from, to }) => from < to)
        .meta({ allowed: 'from before to: a night is two ranges, one until 24:00 and one from 00:00' }),
    )
    .min(1)
    .optional()
    .describe('Hours of each day; the whole day without them'),
});

export type MuteWindow = z.infer<typeof muteWindow>;

/** The mute windows of an environment, as its file has them. */
export const muteWindows = z
  .array(muteWindow)
  .max(20)
  .refine((windows) => new Set(windows.map(({ name }) => name)).size === windows.length)
  .meta({
    description: 'Hours in which warnings or infos are not told',
    allowed: 'at most 20 windows, each with a name of its own',
  });
