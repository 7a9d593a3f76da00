import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { SightlineError } from '../../../telemetry/errors.ts';
import { openSqlite, writeTransaction } from '../../kit/sqlite.ts';

/** A log entry that Loki refuses for what is in it, kept until a person decides. */
export interface DeadLetter {
  /** The entry's own id. */
  readonly id: string;
  readonly organization: string;
  /** The answer of Loki, or what is wrong with the entry. */
  readonly reason: string;
  /** The admitted entry in JSON, or the text that could not be read as one. */
  readonly entry: string;
  /** RFC 3339. */
  readonly died_at: string;
}

export type NewDeadLetter = Omit<DeadLetter, 'died_at'>;

/** Which dead letters a person means: those of an id, of an organization, of both, or all. */
export interface Selection {
  readonly id?: string;
  readonly organization?: string;
}

const schema = `
  CREATE TABLE IF NOT EXISTS dead_letters (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, organization TEXT NOT NULL,
    reason TEXT NOT NULL, entry TEXT NOT NULL, died_at TEXT NOT NULL, replay INTEGER NOT NULL DEFAULT 0,
    UNIQUE (organization, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS replays ON dead_letters (seq) WHERE replay = 1`;

const columns = 'id, organization, reason, entry, died_at';
const selected = '(?1 IS NULL OR id = ?1) AND (?2 IS NULL OR organization = ?2)';
const maxReasonLength = 2000;

/**
 * The dead letters of a queue's directory, in a file of their own. Every change is synced to disk when it returns, and
 * the ingestor and a person's command may work on it at once.
 */
export class DeadLetters {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #most: number;

  /**
   * @param most beyond so many none is taken: the disk is bounded, and what was acknowledged is not deleted
   * @throws SightlineError SL1702 when the file cannot be used
   */
  constructor(directory: string, most: number) {
    this.#file = join(directory, 'dead-letters.sqlite');
    this.#most = most;
    this.#database = openSqlite(this.#file, { synchronous: 'FULL' });
    writeTransaction(this.#database, () => this.#database.exec(schema));
  }

  /** An entry that died before keeps one place. @throws Error when there is no room for all; none of them is kept then */
  add(letters: readonly NewDeadLetter[]): void {
    const died_at = new Date().toISOString();
    writeTransaction(this.#database, () => {
      const before = this.count();
      const insert = this.#database.prepare(
        'INSERT OR REPLACE INTO dead_letters (id, organization, reason, entry, died_at) VALUES (?, ?, ?, ?, ?)',
      );
      for (const { id, organization, reason, entry } of letters) {
        insert.run(id, organization, reason.slice(0, maxReasonLength), entry, died_at);
      }
      const after = this.count();
      if (after > before && after > this.#most) {
        throw new Error(
          `no room for dead letters: ${before} of at most ${this.#most} are kept; replay or purge some`,
        );
      }
    });
  }

  count(): number {
    return Number(this.#database.prepare('SELECT count(*) AS n FROM dead_letters').get()?.n);
  }

  /** Oldest first. */
  list(limit: number, selection: Selection = {}): readonly DeadLetter[] {
    return this.#database
      .prepare(`SELECT ${columns} FROM dead_letters WHERE ${selected} ORDER BY seq LIMIT ?3`)
      .all(...parametersOf(selection), limit) as unknown as DeadLetter[];
  }

  /**
   * Marks them for another try; the ingestor brings them to Loki. Gives how many.
   * @throws SightlineError SL1721 when there is none of that id
   */
  replay(selection: Selection): number {
    return this.#change(selection, `UPDATE dead_letters SET replay = 1 WHERE ${selected}`);
  }

  /**
   * Removes them for good. Gives how many.
   * @throws SightlineError SL1721 when there is none of that id
   */
  purge(selection: Selection): number {
    return this.#change(selection, `DELETE FROM dead_letters WHERE ${selected}`);
  }

  /** What is marked for another try. */
  replays(limit: number): readonly DeadLetter[] {
    return this.#database
      .prepare(`SELECT ${columns} FROM dead_letters WHERE replay = 1 ORDER BY seq LIMIT ?`)
      .all(limit) as unknown as DeadLetter[];
  }

  /** Those whose other try went well. */
  remove(letters: readonly Pick<DeadLetter, 'organization' | 'id'>[]): void {
    writeTransaction(this.#database, () => {
      const remove = this.#database.prepare('DELETE FROM dead_letters WHERE organization = ? AND id = ?');
      for (const { organization, id } of letters) remove.run(organization, id);
    });
  }

  close(): void {
    this.#database.close();
  }

  #change(selection: Selection, sql: string): number {
    const changes = Number(this.#database.prepare(sql).run(...parametersOf(selection)).changes);
    if (changes > 0 || selection.id === undefined) return changes;
    throw new SightlineError('SL1721', {
      what: `there is no dead letter ${selection.id}`,
      where: this.#file,
      fix: 'take an id from `npm run queue -- dead-letters list`',
    });
  }
}

const parametersOf = ({ id, organization }: Selection): [id: string | null, organization: string | null] => [
  id ?? null,
  organization ?? null,
];
