import { createHash } from 'node:crypto';
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Tables } from './schema.ts';

export type Entry = Selectable<Tables['entries']>;
/** What an entry says, before it has its place in the chain. */
export type Statement = Omit<Insertable<Tables['entries']>, 'seq' | 'previous_hash' | 'hash'>;

function hashOf(statement: Statement, previousHash: string): string {
  const { event_id, type, subject, actor, request_id, occurred_at, data } = statement;
  const content = [previousHash, event_id, type, subject, actor, request_id, occurred_at, data];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The first of these consecutive entries that is not what was written or does not follow the one before. */
export function firstBroken(entries: readonly Entry[]): Entry | undefined {
  return entries.find((entry, index) => {
    const before = entries[index - 1];
    const follows = before === undefined || before.hash === entry.previous_hash;
    return !follows || hashOf(entry, entry.previous_hash) !== entry.hash;
  });
}

/** The audit trail: append only, each entry chained to the one before by its hash. */
export class AuditTrail {
  readonly #database: Kysely<Tables>;
  readonly #maxEntries: number;

  constructor(database: Kysely<Tables>, maxEntries: number) {
    this.#database = database;
    this.#maxEntries = maxEntries;
  }

  /** Durable when it resolves. False when the event was written before. */
  append(statement: Statement): Promise<boolean> {
    return this.#database.transaction().execute(async (trx) => {
      const known = await trx
        .selectFrom('entries')
        .select('seq')
        .where('event_id', '=', statement.event_id)
        .executeTakeFirst();
      if (known !== undefined) return false;
      const last = await trx
        .selectFrom('entries')
        .select(['seq', 'hash'])
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      const previousHash = last?.hash ?? '';
      await trx
        .insertInto('entries')
        .values({ ...statement, previous_hash: previousHash, hash: hashOf(statement, previousHash) })
        .execute();
      // The disk is bounded: the oldest make room. What is left is still a chain.
      await trx
        .deleteFrom('entries')
        .where('seq', '<=', (last?.seq ?? 0) + 1 - this.#maxEntries)
        .execute();
      return true;
    });
  }

  /** Newest first. */
  newest(limit: number): Promise<Entry[]> {
    return this.#database.selectFrom('entries').selectAll().orderBy('seq', 'desc').limit(limit).execute();
  }
}
