import type { Kysely } from 'kysely';
import type { EventData } from '../kit/bus/event-data.ts';
import type { Tables } from './schema.ts';

/** Changes kept for each user; whoever missed more is told to load everything again. */
export const keptUpdates = 200;

export type Change = EventData<'sightline.task.changed'>;

export interface Missed {
  readonly updates: readonly { readonly seq: number; readonly text: string }[];
  /** Whether even the oldest missed one was still there. */
  readonly complete: boolean;
}

export function changeMessage(seq: number, change: Change): string {
  return JSON.stringify({ type: 'change', id: seq, ...change });
}

/** The changes that were pushed lately, on disk, so that a client can catch up after a restart of the service. */
export class UpdateLog {
  readonly #database: Kysely<Tables>;

  constructor(database: Kysely<Tables>) {
    this.#database = database;
  }

  /** Its number, or undefined when this event was there already. */
  async append(eventId: string, change: Change): Promise<number | undefined> {
    const inserted = await this.#database
      .insertInto('updates')
      .values({ owner: change.owner, event_id: eventId, body: JSON.stringify(change) })
      .onConflict((conflict) => conflict.column('event_id').doNothing())
      .returning('seq')
      .executeTakeFirst();
    if (inserted === undefined) return undefined;
    const tooOld = this.#database
      .selectFrom('updates')
      .select('seq')
      .where('owner', '=', change.owner)
      .orderBy('seq', 'desc')
      .offset(keptUpdates)
      .limit(1);
    await this.#database
      .deleteFrom('updates')
      .where('owner', '=', change.owner)
      .where('seq', '<=', tooOld)
      .execute();
    return inserted.seq;
  }

  /** What a user missed since number `after`. */
  async since(owner: string, after: number): Promise<Missed> {
    const rows = await this.#database
      .selectFrom('updates')
      .select(['seq', 'body'])
      .where('owner', '=', owner)
      .where('seq', '>', after)
      .orderBy('seq')
      .execute();
    const updates = rows.map(({ seq, body }) => ({
      seq,
      text: changeMessage(seq, JSON.parse(body) as Change),
    }));
    return { updates, complete: rows.length < keptUpdates };
  }

  /** The newest number given out to a user, 0 when there is none. */
  async latest(owner: string): Promise<number> {
    const row = await this.#database
      .selectFrom('updates')
      .select('seq')
      .where('owner', '=', owner)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.seq ?? 0;
  }
}
