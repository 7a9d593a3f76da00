import { z } from 'zod';
import { organizationPattern } from '../intake/entry-schema.ts';

/** What a key lets its holder do; admin is all of it, and the administration of the pipeline. */
export const scopes = ['write', 'read', 'admin'] as const;
export type Scope = (typeof scopes)[number];

const moment = z.iso.datetime();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const keyRecord = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string().min(1).max(100),
  /** SHA-256 of the secret. It is 256 random bits, so that a slow hash would protect nothing more. */
  hash: digest,
  /** The secret before a rotation, which is taken until then. */
  previous: z.strictObject({ hash: digest, until: moment }).optional(),
  scopes: z.array(z.enum(scopes)).min(1),
  /** Organizations that it is for; `*` is all of them. */
  organizations: z.array(z.union([z.string().regex(organizationPattern), z.literal('*')])).min(1),
  createdAt: moment,
  expiresAt: moment.optional(),
  revokedAt: moment.optional(),
});

/** One API key as it is kept: nothing of it lets anybody in. */
export type KeyRecord = z.output<typeof keyRecord>;

export const keyFileSchema = z.strictObject({ version: z.literal(1), keys: z.array(keyRecord).max(10_000) });
