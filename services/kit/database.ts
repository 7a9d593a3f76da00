import type { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { InjectedFault } from './faults/effects.ts';
import type { Faults } from './faults/injector.ts';
import { openSqlite, type StatementObserver, sqliteDialect, writeTransaction } from './sqlite.ts';

const sqlOperations = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'OTHER'] as const;
type SqlOperation = (typeof sqlOperations)[number];

type StatementMeasure = (
  labels: { db_operation_name: SqlOperation; outcome: 'success' | 'failure' },
  seconds: number,
) => void;

export interface DatabaseOptions {
  readonly path: string;
  /** SQL scripts, applied in order and once each; append, never edit. */
  readonly migrations: readonly string[];
  readonly faults: Faults;
  readonly measure: StatementMeasure;
}

/**
 * Opens a service's own database, brings its schema up to date, and measures every statement.
 * @throws SightlineError SL1702
 */
export function openDatabase<Tables>(options: DatabaseOptions): Kysely<Tables> {
  const { path, migrations, faults, measure } = options;
  const database = openSqlite(path, { synchronous: 'FULL' });
  migrate(database, migrations);
  const observer: StatementObserver = {
    begin(statement) {
      // Never BEGIN, COMMIT or ROLLBACK: a rollback that fails would leave a transaction open.
      if (operationOf(statement) !== 'OTHER' && faults.strikes('database')) {
        throw new InjectedFault('the SQL statement fails');
      }
    },
    end(statement, seconds, outcome) {
      measure({ db_operation_name: operationOf(statement), outcome }, seconds);
    },
  };
  return new Kysely<Tables>({ dialect: sqliteDialect(database, observer) });
}

/** Rejects when the database does not answer. */
export async function probeDatabase<Tables>(database: Kysely<Tables>): Promise<void> {
  await sql`SELECT 1`.execute(database);
}

function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  const applied = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  migrations.slice(applied).forEach((script, index) => {
    writeTransaction(database, () =>
      database.exec(`${script}; PRAGMA user_version = ${applied + index + 1}`),
    );
  });
}

function operationOf(statement: string): SqlOperation {
  const word = /^\s*(\w+)/.exec(statement)?.[1]?.toUpperCase();
  return sqlOperations.find((operation) => operation === word) ?? 'OTHER';
}
