import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect } from 'kysely';
import { SightlineError } from '../../telemetry/errors.ts';
import { makeDirectory } from '../../telemetry/make-directory.ts';

export interface SqliteOptions {
  /** FULL survives a power cut at each commit; NORMAL only keeps the file consistent; OFF does not even do that. */
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF';
}

/**
 * Opens a file in WAL mode, waiting up to five seconds for other processes' locks.
 * @throws SightlineError SL1702 when the file or its directory cannot be used.
 */
export function openSqlite(path: string, options: SqliteOptions): DatabaseSync {
  try {
    makeDirectory(dirname(path));
    const database = new DatabaseSync(path, { timeout: 5000 });
    enterWalMode(database);
    database.exec(`PRAGMA synchronous = ${options.synchronous}`);
    return database;
  } catch (cause) {
    throw new SightlineError('SL1702', {
      what: `cannot open the database: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: path,
      fix: 'make the directory writable and free disk space, or move the file away if it is not a database',
      cause,
    });
  }
}

/**
 * The first process to open a new file changes its mode, under a lock for which SQLite does not honour the busy
 * timeout; others that start at the same moment try again for up to five seconds.
 */
function enterWalMode(database: DatabaseSync): void {
  const deadline = Date.now() + 5000;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const locked = error instanceof Error && error.message.includes('database is locked');
      if (!locked || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Runs `work` as one write transaction; it takes the write lock at once, so it never fails half-way on a busy file. */
export function writeTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // On a full disk SQLite has done so itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Called around every statement: `begin` may throw to make the statement fail, `end` learns how it went. */
export interface StatementObserver {
  begin(sql: string): void;
  end(sql: string, seconds: number, outcome: 'success' | 'failure'): void;
}

/** Kysely's SQLite dialect over Node's own driver, every statement observed. */
export function sqliteDialect(database: DatabaseSync, observer: StatementObserver): SqliteDialect {
  const observed = <T>(sql: string, run: () => T): T => {
    const start = performance.now();
    const end = (outcome: 'success' | 'failure') =>
      observer.end(sql, (performance.now() - start) / 1000, outcome);
    try {
      observer.begin(sql);
      const result = run();
      end('success');
      return result;
    } catch (error) {
      end('failure');
      throw error;
    }
  };
  const adapter: SqliteDatabase = {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => observed(sql, () => statement.all(...values(parameters))),
        run: (parameters) => observed(sql, () => statement.run(...values(parameters))),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      };
    },
  };
  return new SqliteDialect({ database: adapter });
}
