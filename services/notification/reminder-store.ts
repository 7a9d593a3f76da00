import type { Kysely } from 'kysely';
import type { Task } from '../kit/bus/event-data.ts';
import type { ReminderRow, Tables } from './schema.ts';

/** What is over stays for a day, for `GET /reminders` and so that late events are recognised. */
const keptMs = 24 * 60 * 60 * 1000;

export interface Origin {
  readonly requestId: string | undefined;
  readonly traceparent: string | undefined;
}

/** The reminders that this service knows, one a task. */
export class ReminderStore {
  readonly #database: Kysely<Tables>;

  constructor(database: Kysely<Tables>) {
    this.#database = database;
  }

  /** Makes the reminder what the task wants. `scheduled` when there is a new time to remind at. */
  follow(task: Task, origin: Origin): Promise<'scheduled' | 'cancelled' | 'unchanged'> {
    return this.#database.transaction().execute(async (trx) => {
      const known = await trx
        .selectFrom('reminders')
        .selectAll()
        .where('task_id', '=', task.id)
        .executeTakeFirst();
      if (known !== undefined && known.task_version >= task.version) return 'unchanged';
      if (task.remind_at === null || task.done) {
        if (known === undefined) return 'unchanged';
        const waiting = known.state === 'scheduled';
        const change = { task_version: task.version, ...(waiting ? { state: 'cancelled' as const } : {}) };
        await trx.updateTable('reminders').set(change).where('task_id', '=', task.id).execute();
        return waiting ? 'cancelled' : 'unchanged';
      }
      if (known?.remind_at === task.remind_at && known.state !== 'cancelled') {
        const change = { task_version: task.version, title: task.title };
        await trx.updateTable('reminders').set(change).where('task_id', '=', task.id).execute();
        return 'unchanged';
      }
      const row = newReminder(task, task.remind_at, origin);
      await trx
        .insertInto('reminders')
        .values(row)
        .onConflict((conflict) => conflict.column('task_id').doUpdateSet(row))
        .execute();
      return 'scheduled';
    });
  }

  /** Whether one was waiting. */
  async cancel(task: Task): Promise<boolean> {
    const result = await this.#database
      .updateTable('reminders')
      .set({ state: 'cancelled', task_version: task.version })
      .where('task_id', '=', task.id)
      .where('state', '=', 'scheduled')
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  due(now: number, limit: number): Promise<ReminderRow[]> {
    return this.#database
      .selectFrom('reminders')
      .selectAll()
      .where('state', '=', 'scheduled')
      .where('next_try_at', '<=', now)
      .orderBy('next_try_at')
      .limit(limit)
      .execute();
  }

  /** Unless it was set to another time meanwhile. */
  async markSent(reminder: ReminderRow, sentAt: string): Promise<void> {
    await this.#ofSameTime(reminder).set({ state: 'sent', sent_at: sentAt }).execute();
  }

  async tryAgainAt(reminder: ReminderRow, when: number): Promise<void> {
    await this.#ofSameTime(reminder)
      .set({ failures: reminder.failures + 1, next_try_at: when })
      .execute();
  }

  async pending(): Promise<number> {
    const row = await this.#database
      .selectFrom('reminders')
      .select((select) => select.fn.countAll<number>().as('n'))
      .where('state', '=', 'scheduled')
      .executeTakeFirstOrThrow();
    return row.n;
  }

  newest(limit: number): Promise<ReminderRow[]> {
    return this.#database
      .selectFrom('reminders')
      .selectAll()
      .orderBy('remind_at', 'desc')
      .limit(limit)
      .execute();
  }

  async forgetOld(now: number): Promise<void> {
    await this.#database
      .deleteFrom('reminders')
      .where('state', '!=', 'scheduled')
      .where('next_try_at', '<', now - keptMs)
      .execute();
  }

  #ofSameTime({ task_id, remind_at }: ReminderRow) {
    return this.#database
      .updateTable('reminders')
      .where('task_id', '=', task_id)
      .where('remind_at', '=', remind_at)
      .where('state', '=', 'scheduled');
  }
}

function newReminder(task: Task, remindAt: string, origin: Origin): ReminderRow {
  return {
    task_id: task.id,
    owner: task.owner,
    title: task.title,
    task_version: task.version,
    remind_at: remindAt,
    state: 'scheduled',
    failures: 0,
    next_try_at: Date.parse(remindAt),
    sent_at: null,
    request_id: origin.requestId ?? null,
    traceparent: origin.traceparent ?? null,
  };
}
