import type { Recurrence, Task } from '../kit/bus/event-data.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** `start` plus `count` periods, in UTC. Months keep the day, or take the last one of a shorter month. */
function after(start: Date, recurrence: Recurrence, count: number): Date {
  if (recurrence !== 'monthly') {
    return new Date(start.getTime() + count * (recurrence === 'weekly' ? 7 : 1) * dayMs);
  }
  const month = start.getUTCMonth() + count;
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const next = new Date(start);
  next.setUTCMonth(month, Math.min(start.getUTCDate(), lastDay));
  return next;
}

/** The first period after `start` that lies in the future; periods that were missed are skipped. */
export function nextDue(start: Date, recurrence: Recurrence, now: Date): Date {
  const periodMs = { daily: dayMs, weekly: 7 * dayMs, monthly: 31 * dayMs }[recurrence];
  let count = Math.max(1, Math.floor((now.getTime() - start.getTime()) / periodMs));
  while (after(start, recurrence, count) <= now) count += 1;
  return after(start, recurrence, count);
}

export interface NextOccurrence {
  readonly title: string;
  readonly notes: string;
  readonly due_at: string;
  readonly remind_at: string | null;
  readonly recurrence: Recurrence;
  readonly owner: string;
}

/**
 * What to create when `task` was completed; undefined when it does not recur. A task without a due date recurs
 * from its completion. The reminder keeps its distance to the due date.
 */
export function nextOccurrence(task: Task, now: Date): NextOccurrence | undefined {
  const { title, notes, recurrence, owner } = task;
  if (recurrence === null) return undefined;
  const due = new Date(task.due_at ?? task.updated_at);
  const next = nextDue(due, recurrence, now);
  const remindAt =
    task.remind_at === null
      ? null
      : new Date(next.getTime() - (due.getTime() - Date.parse(task.remind_at))).toISOString();
  return { title, notes, due_at: next.toISOString(), remind_at: remindAt, recurrence, owner };
}
