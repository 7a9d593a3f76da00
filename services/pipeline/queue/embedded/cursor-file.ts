import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { openSqlite, writeTransaction } from '../../../kit/sqlite.ts';
import type { BatchRow } from './queue-file.ts';

/**
 * What the consumer wrote down, in a file of its own: so that its commits never wait for those of the gateway, and the
 * queue's file has one writer. `done` are batches after the cursor that are stored while an earlier one still waits.
 * Both have a checksum: a flipped bit of theirs would delete what nobody stored.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS cursor (
    id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS done (seq INTEGER PRIMARY KEY, checksum INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS quarantine (
    seq INTEGER PRIMARY KEY, reason TEXT NOT NULL, found_at TEXT NOT NULL, organization TEXT, count INTEGER,
    appended_at INTEGER, checksum INTEGER, body BLOB
  ) STRICT`;

/** SQLite's primary result codes of a file of another form, with wrong pages, or that is no database. */
const unreadable: ReadonlySet<number> = new Set([1, 11, 26]);
/** Once it is open: also a header that forbids to write, and tables whose rows cannot be. */
const unusable: ReadonlySet<number> = new Set([...unreadable, 8, 19]);

export const cursorFile = (directory: string): string => join(directory, 'cursor.sqlite');

export interface Progress {
  /** Everything up to here is stored; absent where what is written cannot be trusted. */
  readonly cursor?: number;
  readonly done: ReadonlySet<number>;
  /** What of it does not match its checksum. */
  readonly damages: readonly string[];
}

export class CursorFile {
  readonly #database: DatabaseSync;
  /** As it was found. */
  readonly progress: Progress;

  /**
   * A file that cannot be read is put aside for a person to look at.
   * @throws SightlineError SL1702 when no file can be made
   */
  constructor(directory: string) {
    const path = cursorFile(directory);
    const found = attempt(() => opened(path));
    if (!('unusable' in found)) {
      ({ database: this.#database, progress: this.progress } = found);
      return;
    }
    const aside = putAside(path);
    ({ database: this.#database } = opened(path));
    this.progress = { done: new Set(), damages: [`${found.unusable}; the file is kept as ${aside}`] };
  }

  /** Moves the cursor, and remembers what after it is stored. */
  commit(cursor: number, done: Iterable<number>): void {
    writeTransaction(this.#database, () => this.#write(cursor, done));
  }

  /** In the place of all that is written. */
  replace(cursor: number, done: Iterable<number>): void {
    writeTransaction(this.#database, () => {
      this.#database.exec('DELETE FROM done');
      this.#write(cursor, done);
    });
  }

  #write(cursor: number, done: Iterable<number>): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO cursor VALUES (1, ?, ?)')
      .run(cursor, checksumOf('cursor', cursor));
    const insert = this.#database.prepare('INSERT OR REPLACE INTO done (seq, checksum) VALUES (?, ?)');
    for (const seq of done) if (seq > cursor) insert.run(seq, checksumOf('done', seq));
    this.#database.prepare('DELETE FROM done WHERE seq <= ?').run(cursor);
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

/** For who only looks; nothing is stored where no consumer ever was. @throws Error when the file cannot be read */
export const readProgress = (directory: string): Progress =>
  reading(directory, progressIn) ?? { cursor: 0, done: new Set(), damages: [] };

/**
 * Up to where a consumer stored everything. For the side that deletes.
 * @throws Error when the file cannot be read, or its cursor does not match its checksum
 */
export function readCursor(directory: string): number {
  const found = reading(directory, (database) => numbersIn(database, 'cursor'));
  if (found === undefined) return 0;
  const [cursor] = found.whole;
  if (cursor === undefined) throw new Error(found.damages[0] ?? noCursor);
  return cursor;
}

/** The highest number that a consumer stored, as far as can be known. For the side that gives numbers. */
export function highestSeen(directory: string): number {
  const found = attempt(() => readProgress(directory));
  if ('unusable' in found) return 0;
  return [...found.done].reduce((highest, seq) => Math.max(highest, seq), found.cursor ?? 0);
}

function reading<T>(directory: string, use: (database: DatabaseSync) => T): T | undefined {
  const path = cursorFile(directory);
  if (!existsSync(path)) return undefined;
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    const exists = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'done'").get();
    return exists === undefined ? undefined : use(database);
  } finally {
    database.close();
  }
}

function progressIn(database: DatabaseSync): Progress {
  const cursor = numbersIn(database, 'cursor');
  const done = numbersIn(database, 'done');
  const [seq] = cursor.whole;
  const damages = [...cursor.damages, ...done.damages];
  if (seq !== undefined) return { cursor: seq, done: new Set(done.whole), damages };
  return { done: new Set(done.whole), damages: damages.length === 0 ? [noCursor] : damages };
}

const noCursor = 'there is no cursor in the file';

function numbersIn(database: DatabaseSync, table: 'cursor' | 'done') {
  const whole: number[] = [];
  const damages: string[] = [];
  for (const row of database.prepare(`SELECT seq, checksum FROM ${table}`).iterate()) {
    const seq = Number(row.seq);
    if (checksumOf(table, seq) === Number(row.checksum)) whole.push(seq);
    else damages.push(`the ${names[table]} ${seq} does not match its checksum`);
  }
  return { whole, damages };
}

const names = { cursor: 'cursor', done: 'note of the stored batch' } as const;

const checksumOf = (what: 'cursor' | 'done', seq: number): number => crc32(`${what}\n${seq}`);

function opened(path: string): { readonly database: DatabaseSync; readonly progress: Progress } {
  const database = openSqlite(path, { synchronous: 'FULL' });
  try {
    writeTransaction(database, () => {
      const isNew = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'cursor'").get() === undefined;
      database.exec(schema);
      if (isNew) database.prepare('INSERT INTO cursor VALUES (1, 0, ?)').run(checksumOf('cursor', 0));
    });
    const progress = progressIn(database);
    // What cannot be written is found out now, and not when the first batch is stored.
    writeTransaction(database, () => database.exec('UPDATE cursor SET id = id'));
    return { database, progress };
  } catch (error) {
    database.close();
    throw error;
  }
}

function putAside(path: string): string {
  const aside = `${path}.${Date.now()}.damaged`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

/** The result, or what makes the file unusable. @throws Error of any other kind */
function attempt<T extends object>(work: () => T): T | { readonly unusable: string } {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [cause, codes] = error.cause instanceof Error ? [error.cause, unreadable] : [error, unusable];
    const code = 'errcode' in cause ? Number(cause.errcode) & 0xff : 0;
    if (codes.has(code)) return { unusable: cause.message };
    throw error;
  }
}
