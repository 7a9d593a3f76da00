import { z } from 'zod';
import type { EventType } from '../../../telemetry/contract/events.ts';

export const recurrences = ['daily', 'weekly', 'monthly'] as const;
export type Recurrence = (typeof recurrences)[number];

const instant = z.iso.datetime({ offset: true });

/** A task as it travels in events and answers; times are RFC 3339 in UTC. */
const taskSchema = z.strictObject({
  id: z.uuid(),
  owner: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  notes: z.string().max(10_000),
  due_at: instant.nullable(),
  remind_at: instant.nullable(),
  recurrence: z.enum(recurrences).nullable(),
  done: z.boolean(),
  /** Grows by one with each change, so that a late or repeated event can be told from a new one. */
  version: z.number().int().min(1),
  created_at: instant,
  updated_at: instant,
});
export type Task = z.output<typeof taskSchema>;

/** The fields of a task that an event can say changed. */
export const changeableFields = ['title', 'notes', 'due_at', 'remind_at', 'recurrence', 'done'] as const;

const taskEvent = z.strictObject({
  task: taskSchema,
  changed: z.array(z.enum(changeableFields)),
  /** Who did it: a user, or `service:<name>`. */
  actor: z.string().min(1).max(120),
});

const taskChange = z.strictObject({
  owner: z.string().min(1).max(100),
  task_id: z.uuid(),
  version: z.number().int().min(1),
  change: z.enum(['created', 'updated', 'completed', 'deleted']),
  /** The new values of what changed; empty when the task is gone. */
  fields: taskSchema
    .pick({ title: true, notes: true, due_at: true, remind_at: true, recurrence: true, done: true })
    .partial(),
  changed_at: instant,
});

const reminderSent = z.strictObject({
  reminder_id: z.string().min(1).max(100),
  task_id: z.uuid(),
  owner: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  due_at: instant,
  sent_at: instant,
});

/** What each event of the contract carries. Data that does not fit is dead-lettered at once. */
export const eventData = {
  'sightline.task.created': taskEvent,
  'sightline.task.updated': taskEvent,
  'sightline.task.completed': taskEvent,
  'sightline.task.deleted': taskEvent,
  'sightline.task.changed': taskChange,
  'sightline.reminder.sent': reminderSent,
} as const satisfies Record<EventType, z.ZodType>;

export type EventData<T extends EventType> = z.output<(typeof eventData)[T]>;
