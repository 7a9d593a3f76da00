import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { SightlineError } from '../../../telemetry/errors.ts';
import { openSqlite } from '../sqlite.ts';

/** An event that a subscriber gave up on, kept until a person replays it. */
export interface DeadLetter {
  readonly id: number;
  readonly subscriber: string;
  readonly topic: string;
  /** The event as it came, in JSON. */
  readonly body: string;
  readonly reason: string;
  readonly attempts: number;
  /** RFC 3339. */
  readonly died_at: string;
}

/** Beyond this many a subscriber and topic, the oldest make room: the disk is bounded. */
const maxDeadLetters = 10_000;

const columns = 'id, subscriber, topic, body, reason, attempts, died_at';

/** The table of dead letters within a bus's file; both transports keep theirs here. */
export class DeadLetterTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS dead_letters (
        id INTEGER PRIMARY KEY AUTOINCREMENT, subscriber TEXT NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL,
        reason TEXT NOT NULL, attempts INTEGER NOT NULL, died_at TEXT NOT NULL, replay INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX IF NOT EXISTS dead_letters_by_subscriber ON dead_letters (subscriber, topic, id);
      CREATE INDEX IF NOT EXISTS dead_letters_to_replay ON dead_letters (subscriber) WHERE replay = 1`);
  }

  add(letter: Omit<DeadLetter, 'id' | 'died_at'>): void {
    const { subscriber, topic, body, reason, attempts } = letter;
    this.#database
      .prepare(
        'INSERT INTO dead_letters (subscriber, topic, body, reason, attempts, died_at) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(subscriber, topic, body, reason.slice(0, 2000), attempts, new Date().toISOString());
    this.#database
      .prepare(
        `DELETE FROM dead_letters WHERE subscriber = ? AND topic = ? AND id <= (
           SELECT id FROM dead_letters WHERE subscriber = ? AND topic = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
      )
      .run(subscriber, topic, subscriber, topic, maxDeadLetters);
  }

  count(subscriber: string, topic: string): number {
    const row = this.#database
      .prepare('SELECT count(*) AS n FROM dead_letters WHERE subscriber = ? AND topic = ? AND replay = 0')
      .get(subscriber, topic);
    return Number(row?.n ?? 0);
  }

  /** What a person asked to replay. Whoever delivers one again removes it, in the transaction that keeps it safe. */
  replays(subscriber: string): DeadLetter[] {
    return this.#database
      .prepare(`SELECT ${columns} FROM dead_letters WHERE subscriber = ? AND replay = 1`)
      .all(subscriber) as unknown as DeadLetter[];
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM dead_letters WHERE id = ?').run(id);
  }

  list(limit: number): DeadLetter[] {
    return this.#database
      .prepare(`SELECT ${columns} FROM dead_letters WHERE replay = 0 ORDER BY id LIMIT ?`)
      .all(limit) as unknown as DeadLetter[];
  }

  /** Marks them; the subscriber's process delivers them again. Gives how many. */
  markForReplay(which: DeadLetterSelection): number {
    const { id, subscriber } = parametersOf(which);
    const { changes } = this.#database
      .prepare(`UPDATE dead_letters SET replay = 1 WHERE ${selected}`)
      .run(id, id, subscriber, subscriber);
    return Number(changes);
  }

  /** Removes them for good. Gives how many. */
  discard(which: DeadLetterSelection): number {
    const { id, subscriber } = parametersOf(which);
    const { changes } = this.#database
      .prepare(`DELETE FROM dead_letters WHERE ${selected}`)
      .run(id, id, subscriber, subscriber);
    return Number(changes);
  }
}

/** One, or all of a subscriber, or all. */
export type DeadLetterSelection = { readonly id: number } | { readonly subscriber?: string };

const selected = 'replay = 0 AND (? IS NULL OR id = ?) AND (? IS NULL OR subscriber = ?)';

const parametersOf = (which: DeadLetterSelection) =>
  'id' in which ? { id: which.id, subscriber: null } : { id: null, subscriber: which.subscriber ?? null };

function withTable<T>(path: string, nothing: T, use: (table: DeadLetterTable) => T): T {
  if (!existsSync(path)) return nothing;
  const database = openSqlite(path, { synchronous: 'FULL' });
  try {
    return use(new DeadLetterTable(database));
  } finally {
    database.close();
  }
}

/** Oldest first, at most `limit` (default 100), from the bus's file; works while the services run. */
export function listDeadLetters(path: string, limit = 100): readonly DeadLetter[] {
  return withTable(path, [], (table) => table.list(limit));
}

/**
 * Asks for another delivery; returns of how many. Their subscribers deliver them within a second of running.
 * @throws SightlineError SL1708 when one is asked for by an id that is not there.
 */
export function replayDeadLetters(path: string, which: DeadLetterSelection): number {
  return some(path, which, (table) => table.markForReplay(which));
}

/**
 * Removes dead letters that no replay can help; returns how many.
 * @throws SightlineError SL1708 when one is asked for by an id that is not there.
 */
export function discardDeadLetters(path: string, which: DeadLetterSelection): number {
  return some(path, which, (table) => table.discard(which));
}

function some(path: string, which: DeadLetterSelection, use: (table: DeadLetterTable) => number): number {
  const count = withTable(path, 0, use);
  if (count === 0 && 'id' in which) {
    throw new SightlineError('SL1708', {
      what: `there is no dead letter ${which.id}`,
      where: path,
      fix: 'take an id from `npm run dead-letters -- list`',
    });
  }
  return count;
}
