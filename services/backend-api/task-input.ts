import { z } from 'zod';
import { recurrences } from '../kit/bus/event-data.ts';

const instant = z.iso
  .datetime({ offset: true, error: 'must be RFC 3339, for example 2030-01-31T09:00:00Z' })
  .transform((text) => new Date(text).toISOString());

const fields = {
  title: z.string().trim().min(1).max(200),
  notes: z.string().max(10_000),
  due_at: instant.nullable(),
  remind_at: instant.nullable(),
  recurrence: z.enum(recurrences).nullable(),
  done: z.boolean(),
};

export const taskCreation = z.strictObject({
  title: fields.title,
  notes: fields.notes.default(''),
  due_at: fields.due_at.default(null),
  remind_at: fields.remind_at.default(null),
  recurrence: fields.recurrence.default(null),
  /** Only a service says for whom; a user creates their own. */
  owner: z.string().min(1).max(100).optional(),
});
export type TaskCreation = z.output<typeof taskCreation>;

export const taskPatch = z
  .strictObject(fields)
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'must change at least one field');
export type TaskPatch = z.output<typeof taskPatch>;

/** Tasks on a page, unless asked otherwise, and at most. */
const defaultLimit = 50;
const maxLimit = 200;

export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit),
  cursor: z
    .string()
    .regex(/^[0-9]{1,15}$/, 'must be the next_cursor of an earlier answer')
    .transform(Number)
    .optional(),
  done: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});
export type ListQuery = z.output<typeof listQuery>;

export const taskId = z.uuid();

export const idempotencyKey = z.string().min(1).max(200).optional();

export const login = z.strictObject({
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
});
