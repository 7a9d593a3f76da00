import { z } from 'zod';

/** Query of the read-only lists: the newest 50 unless asked otherwise, at most 500. */
export const pageQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) });
