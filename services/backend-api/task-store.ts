import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { CloudEvent, EventTypeOn } from '../kit/bus/cloud-event.ts';
import { changeableFields, type EventData, type Task } from '../kit/bus/event-data.ts';
import type { Tables, TaskRow } from './schema.ts';
import type { ListQuery, TaskCreation, TaskPatch } from './task-input.ts';

type TaskEventType = EventTypeOn<'task-events'>;
type MakeEvent = (type: TaskEventType, data: EventData<TaskEventType>) => CloudEvent;

export interface TaskStoreOptions {
  readonly database: Kysely<Tables>;
  /** Fills in the envelope from the request that is being served. */
  readonly makeEvent: MakeEvent;
  /** Called after a commit that left something in the outbox. */
  readonly onOutbox: () => void;
}

export interface TaskPage {
  readonly tasks: readonly Task[];
  /** Where the next page begins; null on the last one. */
  readonly next_cursor: string | null;
}

/** Every change commits together with its event, so that neither exists without the other. */
export class TaskStore {
  readonly #options: TaskStoreOptions;

  constructor(options: TaskStoreOptions) {
    this.#options = options;
  }

  /** With a key seen before, the task made then; `created` tells. */
  async create(
    input: TaskCreation & { readonly owner: string },
    actor: string,
    key?: string,
  ): Promise<{ readonly task: Task; readonly created: boolean }> {
    const result = await this.#options.database.transaction().execute(async (trx) => {
      const earlier = key === undefined ? undefined : await findByKey(trx, input.owner, key);
      if (earlier !== undefined) return { task: earlier, created: false };
      const now = new Date().toISOString();
      const task: Task = {
        ...input,
        id: randomUUID(),
        done: false,
        version: 1,
        created_at: now,
        updated_at: now,
      };
      await trx
        .insertInto('tasks')
        .values({ ...task, done: 0, idempotency_key: key ?? null })
        .execute();
      await this.#record(trx, 'sightline.task.created', { task, changed: [...changeableFields], actor });
      return { task, created: true };
    });
    if (result.created) this.#options.onOutbox();
    return result;
  }

  async list(owner: string, query: ListQuery): Promise<TaskPage> {
    let select = this.#options.database.selectFrom('tasks').selectAll().where('owner', '=', owner);
    if (query.cursor !== undefined) select = select.where('seq', '<', query.cursor);
    if (query.done !== undefined) select = select.where('done', '=', query.done ? 1 : 0);
    const rows = await select
      .orderBy('seq', 'desc')
      .limit(query.limit + 1)
      .execute();
    const page = rows.slice(0, query.limit);
    const more = rows.length > query.limit;
    return { tasks: page.map(toTask), next_cursor: more ? String(page.at(-1)?.seq) : null };
  }

  async get(owner: string, id: string): Promise<Task | undefined> {
    return find(this.#options.database, owner, id);
  }

  update(owner: string, id: string, patch: TaskPatch, actor: string): Promise<Task | undefined> {
    return this.#change(owner, id, 'sightline.task.updated', patch, actor);
  }

  /** Completing what is done already changes nothing. */
  complete(owner: string, id: string, actor: string): Promise<Task | undefined> {
    return this.#change(owner, id, 'sightline.task.completed', { done: true }, actor);
  }

  /** The task as it was, or undefined when there is none. */
  async remove(owner: string, id: string, actor: string): Promise<Task | undefined> {
    const removed = await this.#options.database.transaction().execute(async (trx) => {
      const task = await find(trx, owner, id);
      if (task === undefined) return undefined;
      await trx.deleteFrom('tasks').where('id', '=', id).execute();
      const last = { ...task, version: task.version + 1, updated_at: new Date().toISOString() };
      await this.#record(trx, 'sightline.task.deleted', { task: last, changed: [], actor });
      return last;
    });
    if (removed !== undefined) this.#options.onOutbox();
    return removed;
  }

  async #change(
    owner: string,
    id: string,
    type: TaskEventType,
    patch: TaskPatch,
    actor: string,
  ): Promise<Task | undefined> {
    let recorded = false;
    const result = await this.#options.database.transaction().execute(async (trx) => {
      const before = await find(trx, owner, id);
      if (before === undefined) return undefined;
      const wanted = withoutUndefined({ ...before, ...patch }, before);
      const changed = changeableFields.filter((field) => before[field] !== wanted[field]);
      if (changed.length === 0) return before;
      const task: Task = { ...wanted, version: before.version + 1, updated_at: new Date().toISOString() };
      await trx
        .updateTable('tasks')
        .set({ ...task, done: task.done ? 1 : 0 })
        .where('id', '=', id)
        .execute();
      await this.#record(trx, type, { task, changed, actor });
      recorded = true;
      return task;
    });
    if (recorded) this.#options.onOutbox();
    return result;
  }

  async #record(
    trx: Transaction<Tables>,
    type: TaskEventType,
    data: EventData<TaskEventType>,
  ): Promise<void> {
    const event = this.#options.makeEvent(type, data);
    await trx
      .insertInto('outbox')
      .values({ event: JSON.stringify(event) })
      .execute();
  }
}

/** A patch field that is undefined leaves the old value. */
function withoutUndefined(patched: { [F in keyof Task]: Task[F] | undefined }, before: Task): Task {
  const given = Object.entries(patched).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(given) };
}

function toTask(row: Selectable<TaskRow>): Task {
  const { seq: _seq, idempotency_key: _key, done, ...task } = row;
  return { ...task, done: done === 1 };
}

async function find(database: Kysely<Tables>, owner: string, id: string): Promise<Task | undefined> {
  const row = await database
    .selectFrom('tasks')
    .selectAll()
    .where('owner', '=', owner)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toTask(row);
}

async function findByKey(database: Kysely<Tables>, owner: string, key: string): Promise<Task | undefined> {
  const row = await database
    .selectFrom('tasks')
    .selectAll()
    .where('owner', '=', owner)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : toTask(row);
}
