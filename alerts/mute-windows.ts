import { z } from 'zod';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const hours = /^(?<from>([01]\d|2[0-3]):[0-5]\d)-(?<to>([01]\d|2[0-3]):[0-5]\d|24:00)$/;

const allowed = {
  severities: 'warning, info or both: a critical alert cannot be muted',
  weekdays: `some of ${weekdays.join(', ')}`,
  times: 'hours such as 08:00-18:00, the earlier first: a night is two, 00:00-08:00 and 18:00-24:00',
};

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const isSpan = (text: string): boolean => {
  const { from = '', to = '' } = hours.exec(text)?.groups ?? {};
  return from < to;
};

const muteWindow = z
  .strictObject({
    because: z
      .string()
      .refine((value) => value.trim() !== '')
      .meta({ description: 'Why nobody needs to hear of them then', allowed: 'a text that is not empty' }),
    severities: z
      .array(z.enum(['warning', 'info'], { error: allowed.severities }))
      .min(1)
      .meta({ description: 'What is muted', allowed: allowed.severities }),
    quiet: z.enum(['inside', 'outside']).meta({
      description: 'Whether it is quiet within these hours, or at all other times',
      allowed: 'inside or outside',
    }),
    timeZone: z.string().refine(isTimeZone).meta({
      description: 'Time zone of the hours',
      allowed: 'a name of the IANA time zone database such as Europe/Berlin, or UTC',
    }),
    weekdays: z
      .array(z.enum(weekdays, { error: allowed.weekdays }))
      .min(1)
      .meta({ description: 'Days of the week', allowed: allowed.weekdays }),
    times: z
      .array(z.string().refine(isSpan, { error: allowed.times }))
      .min(1)
      .optional()
      .meta({
        description: 'Hours of each of these days; the whole day without them',
        allowed: allowed.times,
      }),
  })
  .meta({
    description: 'A window; Alertmanager shows the name beside an alert that it mutes',
    allowed: 'a window by a name of lower-case letters, digits and hyphens',
  });

/** The mute windows of an environment by name, as its file has them. */
export const muteWindowsSchema = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,49}$/), muteWindow);

/** Hours in which some alerts are not told. They are told afterwards, if they still fire. */
export type MuteWindow = z.infer<typeof muteWindow> & { readonly name: string };

export const muteWindowsOf = (byName: z.infer<typeof muteWindowsSchema> = {}): readonly MuteWindow[] =>
  Object.entries(byName).map(([name, window]) => ({ name, ...window }));
