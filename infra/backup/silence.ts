import { z } from 'zod';

const matcher = z.object({
  name: z.string().min(1),
  value: z.string(),
  isRegex: z.boolean(),
  isEqual: z.boolean().default(true),
});

/** What a person says in a silence; ids are Alertmanager's own and differ after a restore. */
export const silenceSchema = z.object({
  matchers: z.array(matcher).min(1),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  createdBy: z.string(),
  comment: z.string(),
  annotations: z.record(z.string(), z.string()).optional(),
});

export type Silence = z.infer<typeof silenceSchema>;

/** As Alertmanager's API lists them. */
export const listedSilences = z.array(
  silenceSchema.extend({
    id: z.string(),
    status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
  }),
);

/** What a restore does with the silences of a backup. */
export interface RestorePlan {
  readonly create: readonly Silence[];
  /** There already: of the same matchers, author and comment, until the same time. */
  readonly present: readonly Silence[];
  /** Over by now. */
  readonly over: readonly Silence[];
}

/**
 * Compares a backup with what is there. The beginning does not count once it is past: Alertmanager begins a silence at the
 * earliest when it learns of it.
 */
export function planRestore(backup: readonly Silence[], there: readonly Silence[], now: Date): RestorePlan {
  const known = new Set(there.map((silence) => identityOf(silence, now)));
  const plan = { create: [] as Silence[], present: [] as Silence[], over: [] as Silence[] };
  for (const silence of backup) {
    const identity = identityOf(silence, now);
    if (Date.parse(silence.endsAt) <= now.getTime()) plan.over.push(silence);
    else if (known.has(identity)) plan.present.push(silence);
    else plan.create.push(silence);
    known.add(identity);
  }
  return plan;
}

function identityOf({ matchers, startsAt, endsAt, createdBy, comment }: Silence, now: Date): string {
  const start = Date.parse(startsAt);
  const conditions = matchers.map(({ name, value, isRegex, isEqual }) =>
    JSON.stringify([name, value, isRegex, isEqual]),
  );
  return JSON.stringify([
    conditions.sort(),
    start <= now.getTime() ? 'begun' : start,
    Date.parse(endsAt),
    createdBy,
    comment,
  ]);
}
