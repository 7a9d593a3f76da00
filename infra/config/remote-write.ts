import { z } from 'zod';

const wholeNumber = (min: number, max: number, description: string) =>
  z
    .number()
    .int()
    .min(min)
    .max(max)
    .optional()
    .meta({ description, allowed: `a whole number from ${min} to ${max}` });

const label = z.string().regex(/^[a-zA-Z_]\w{0,99}$/, 'the name of a label');

/** Prometheus' own regular expressions are RE2; what JavaScript does not read, RE2 does not either. */
const expression = z.string().refine((value) => {
  try {
    return value.length <= 2000 && new RegExp(value).source === value;
  } catch {
    return false;
  }
}, 'a regular expression of at most 2000 characters');

const actions = ['keep', 'drop', 'labelkeep', 'labeldrop'] as const;

/** Keys of a list have no page of their own in the reference: what is allowed is said with the failure alone. */
const rule = z
  .strictObject({
    action: z.enum(actions, `one of ${actions.join(', ')}`),
    /** Whose values are matched, `;` between them. */
    labels: z.array(label).min(1).max(20).optional(),
    /** What they match; for labelkeep and labeldrop what the labels’ names match. */
    regex: expression,
  })
  .refine(({ action, labels }) => action.startsWith('label') === (labels === undefined), {
    path: ['action'],
    error: 'keep or drop with labels, and labelkeep or labeldrop without',
  });

/** Where Prometheus sends its samples too, so that they are kept for longer or seen from afar. */
export const remoteWriteSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({
    description: 'Endpoint that takes Prometheus’ remote write protocol',
    allowed: 'an http or https address',
  }),
  auth: z
    .strictObject({
      scheme: z
        .enum(['bearer', 'basic'])
        .describe('How the secret REMOTE_WRITE_SECRET is sent: as a token, or as the password of `user`'),
      user: z
        .string()
        .regex(/^[^\s:]{1,100}$/)
        .optional()
        .meta({ description: 'The user, for basic', allowed: 'a name without colons and spaces' }),
    })
    .refine(({ scheme, user }) => (scheme === 'basic') === (user !== undefined))
    .meta({ allowed: 'a user with basic, and none with bearer' })
    .optional()
    .describe('Who Prometheus says it is; nobody by default'),
  queue: z
    .strictObject({
      capacity: wholeNumber(1000, 1_000_000, 'Samples that wait in memory for each shard'),
      maxShards: wholeNumber(1, 1000, 'Requests under way at once, at most'),
      maxSamplesPerSend: wholeNumber(100, 100_000, 'Samples of one request'),
    })
    .optional()
    .describe('What Prometheus may take for it; what Prometheus itself takes by default'),
  relabel: z.array(rule).max(50).optional().meta({
    description: 'Which series are sent, and with which labels; all by default',
    allowed:
      'a list of { action: keep or drop, labels, regex } and { action: labelkeep or labeldrop, regex }',
  }),
});

export type RemoteWrite = z.infer<typeof remoteWriteSchema>;
