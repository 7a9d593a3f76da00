import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openSqlite, writeTransaction } from '../sqlite.ts';
import { DeadLetterTable } from './dead-letters.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS deliveries (
    subscriber TEXT NOT NULL, seq INTEGER NOT NULL, topic TEXT NOT NULL, subject TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, visible_at INTEGER NOT NULL,
    PRIMARY KEY (subscriber, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deliveries_by_subject ON deliveries (subscriber, topic, subject, seq);
  CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (seq)`;

/**
 * An event of a subject is only claimed when no earlier one of that subject waits for the same subscriber:
 * a retry holds up its own subject and nothing else.
 */
const claimable = `
  SELECT d.seq, d.topic, d.attempts, e.body FROM deliveries d JOIN events e USING (seq)
  WHERE d.subscriber = ? AND d.visible_at <= ? AND NOT EXISTS (
    SELECT 1 FROM deliveries earlier WHERE earlier.subscriber = d.subscriber AND earlier.topic = d.topic
      AND earlier.subject = d.subject AND earlier.seq < d.seq)
  ORDER BY d.seq LIMIT ?`;

export interface StoredEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly body: string;
}

/** A delivery in hand. `attempts` counts this one. */
export interface Claim {
  readonly seq: number;
  readonly topic: string;
  readonly attempts: number;
  readonly body: string;
}

/**
 * The queue in one SQLite file that several processes share. Publishing is synced to disk at each commit.
 * Claims and acknowledgements are not: a power cut can undo them, which only means another delivery.
 */
export class EmbeddedStore {
  readonly #publishing: DatabaseSync;
  readonly #consuming: DatabaseSync;
  readonly #claimable: StatementSync;
  readonly #dataVersion: StatementSync;
  readonly #deadLetters: DeadLetterTable;

  constructor(path: string) {
    this.#publishing = openSqlite(path, { synchronous: 'FULL' });
    writeTransaction(this.#publishing, () => this.#publishing.exec(schema));
    this.#consuming = openSqlite(path, { synchronous: 'NORMAL' });
    this.#deadLetters = new DeadLetterTable(this.#consuming);
    this.#claimable = this.#consuming.prepare(claimable);
    this.#dataVersion = this.#consuming.prepare('PRAGMA data_version');
  }

  /** One delivery a subscriber. An event whose id is still in the store is not stored twice. */
  append(event: StoredEvent, subscribers: readonly string[]): void {
    writeTransaction(this.#publishing, () => {
      if (insertEvent(this.#publishing, event)) insertDeliveries(this.#publishing, event, subscribers);
    });
  }

  /** Takes up to `limit` deliveries that nobody else will see for `leaseMs`. */
  claim(subscriber: string, limit: number, leaseMs: number): Claim[] {
    const now = Date.now();
    // Looking first keeps an idle subscriber from taking the write lock at every look.
    if (this.#claimable.get(subscriber, now, 1) === undefined) return [];
    return writeTransaction(this.#consuming, () => {
      const rows = this.#claimable.all(subscriber, now, limit) as unknown as Claim[];
      const lease = this.#consuming.prepare(
        'UPDATE deliveries SET attempts = attempts + 1, visible_at = ? WHERE subscriber = ? AND seq = ?',
      );
      for (const row of rows) lease.run(now + leaseMs, subscriber, row.seq);
      return rows.map((row) => ({ ...row, attempts: row.attempts + 1 }));
    });
  }

  /** Makes it visible again only after `delayMs`: to renew a lease, or to retry later. */
  postpone(subscriber: string, seq: number, delayMs: number): void {
    this.#consuming
      .prepare('UPDATE deliveries SET visible_at = ? WHERE subscriber = ? AND seq = ?')
      .run(Math.round(Date.now() + delayMs), subscriber, seq);
  }

  acknowledge(subscriber: string, seq: number): void {
    writeTransaction(this.#consuming, () => this.#forget(subscriber, seq));
  }

  bury(subscriber: string, claim: Claim, reason: string): void {
    const { topic, body, attempts } = claim;
    writeTransaction(this.#consuming, () => {
      this.#deadLetters.add({ subscriber, topic, body, reason, attempts });
      this.#forget(subscriber, claim.seq);
    });
  }

  /** Puts what a person asked to replay back into the queue, for this subscriber alone. */
  requeueReplays(subscriber: string, describe: (body: string) => { id: string; subject: string }): void {
    // Looking first keeps the write lock free.
    if (this.#deadLetters.replays(subscriber).length === 0) return;
    writeTransaction(this.#consuming, () => {
      for (const { id, topic, body } of this.#deadLetters.replays(subscriber)) {
        this.#deadLetters.remove(id);
        const event = { ...describe(body), topic, body };
        insertEvent(this.#consuming, event);
        insertDeliveries(this.#consuming, event, [subscriber]);
      }
    });
  }

  depth(subscriber: string, topic: string): { readonly lag: number; readonly deadLetters: number } {
    const row = this.#consuming
      .prepare('SELECT count(*) AS n FROM deliveries WHERE subscriber = ? AND topic = ?')
      .get(subscriber, topic);
    return { lag: Number(row?.n ?? 0), deadLetters: this.#deadLetters.count(subscriber, topic) };
  }

  /** Changes whenever another connection committed; a cheap look at shared memory. */
  version(): number {
    return Number(this.#dataVersion.get()?.data_version ?? 0);
  }

  close(): void {
    this.#publishing.close();
    this.#consuming.close();
  }

  /** The last subscriber to be done takes the event with it. */
  #forget(subscriber: string, seq: number): void {
    this.#consuming.prepare('DELETE FROM deliveries WHERE subscriber = ? AND seq = ?').run(subscriber, seq);
    this.#consuming
      .prepare('DELETE FROM events WHERE seq = ? AND NOT EXISTS (SELECT 1 FROM deliveries WHERE seq = ?)')
      .run(seq, seq);
  }
}

/** Whether it was new. */
function insertEvent(database: DatabaseSync, event: StoredEvent): boolean {
  const insert = database.prepare('INSERT OR IGNORE INTO events (id, body) VALUES (?, ?)');
  return Number(insert.run(event.id, event.body).changes) > 0;
}

function insertDeliveries(database: DatabaseSync, event: StoredEvent, subscribers: readonly string[]): void {
  const insert = database.prepare(
    `INSERT OR IGNORE INTO deliveries (subscriber, seq, topic, subject, visible_at)
     SELECT ?, seq, ?, ?, ? FROM events WHERE id = ?`,
  );
  for (const subscriber of subscribers) {
    insert.run(subscriber, event.topic, event.subject, Date.now(), event.id);
  }
}
