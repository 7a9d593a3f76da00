import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite, writeTransaction } from '../../../kit/sqlite.ts';
import type { BatchRow } from './queue-file.ts';

/**
 * What the consumer wrote down, in a file of its own: so that its commits never wait for those of the gateway, and the
 * queue's file has one writer. `done` are batches after the cursor that are stored while an earlier one still waits.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS cursor (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO cursor (id, seq) VALUES (1, 0);
  CREATE TABLE IF NOT EXISTS done (seq INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS quarantine (
    seq INTEGER PRIMARY KEY, reason TEXT NOT NULL, found_at TEXT NOT NULL, organization TEXT, count INTEGER,
    appended_at INTEGER, checksum INTEGER, body BLOB
  ) STRICT`;

const cursorFile = (directory: string): string => join(directory, 'cursor.sqlite');

export class CursorFile {
  readonly #database: DatabaseSync;

  constructor(directory: string) {
    this.#database = openSqlite(cursorFile(directory), { synchronous: 'FULL' });
    writeTransaction(this.#database, () => this.#database.exec(schema));
  }

  cursor(): number {
    return Number(this.#database.prepare('SELECT seq FROM cursor').get()?.seq);
  }

  done(): Set<number> {
    return new Set(
      this.#database
        .prepare('SELECT seq FROM done')
        .all()
        .map(({ seq }) => Number(seq)),
    );
  }

  /** Moves the cursor, and remembers what after it is stored. */
  commit(cursor: number, done: readonly number[]): void {
    writeTransaction(this.#database, () => {
      this.#database.prepare('UPDATE cursor SET seq = ? WHERE seq < ?').run(cursor, cursor);
      const insert = this.#database.prepare('INSERT OR IGNORE INTO done (seq) VALUES (?)');
      for (const seq of done) if (seq > cursor) insert.run(seq);
      this.#database.prepare('DELETE FROM done WHERE seq <= ?').run(cursor);
    });
  }

  /** Keeps what is left of a damaged batch, for a person to look at. */
  quarantine(seq: number, reason: string, row?: BatchRow): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        seq,
        reason,
        new Date().toISOString(),
        row?.organization ?? null,
        row?.count ?? null,
        row?.appended_at ?? null,
        row?.checksum ?? null,
        row?.body ?? null,
      );
  }

  close(): void {
    this.#database.close();
  }
}

/** Up to where a consumer stored everything; 0 where there was none yet. For the side that deletes. */
export const readCursor = (directory: string): number => readNumber(directory, 'SELECT seq FROM cursor');

/** The highest number that a consumer ever saw; 0 where there was none yet. For the side that gives numbers. */
export const highestSeen = (directory: string): number =>
  readNumber(
    directory,
    `SELECT max(seq) AS seq FROM (
       SELECT seq FROM cursor UNION ALL SELECT seq FROM done UNION ALL SELECT seq FROM quarantine)`,
  );

function readNumber(directory: string, sql: string): number {
  const path = cursorFile(directory);
  if (!existsSync(path)) return 0;
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    const exists = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'cursor'").get();
    return exists === undefined ? 0 : Number(database.prepare(sql).get()?.seq ?? 0);
  } finally {
    database.close();
  }
}
