import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyGrafanaDatabase } from './grafana-database.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sightline-grafana-db-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The two tables that are looked at, as Grafana names them. */
function grafanaFile(dashboards: number): { readonly path: string; readonly database: DatabaseSync } {
  const path = join(dir, 'grafana.db');
  const database = new DatabaseSync(path);
  database.exec(
    'CREATE TABLE dashboard (id INTEGER PRIMARY KEY, data TEXT); CREATE TABLE "user" (id INTEGER PRIMARY KEY)',
  );
  database.exec('INSERT INTO "user" VALUES (1)');
  const insert = database.prepare('INSERT INTO dashboard (data) VALUES (?)');
  database.exec('BEGIN');
  for (let each = 0; each < dashboards; each += 1) insert.run('x'.repeat(2000));
  database.exec('COMMIT');
  return { path, database };
}

describe('a copy of the database of Grafana', () => {
  it('has all that was committed, and nothing of what was not', async () => {
    const { path, database } = grafanaFile(300);
    database.exec('BEGIN; DELETE FROM dashboard WHERE id > 100');
    const copy = join(dir, 'copy.db');
    try {
      expect(await copyGrafanaDatabase(path, copy)).toEqual({ dashboards: 300, users: 1 });
    } finally {
      database.exec('ROLLBACK');
      database.close();
    }
    expect(readdirSync(dir).sort()).toEqual(['copy.db', 'grafana.db']);
  });

  it('can take the place of the file again', async () => {
    const { path, database } = grafanaFile(3);
    const copy = join(dir, 'copy.db');
    await copyGrafanaDatabase(path, copy);
    database.exec('DELETE FROM dashboard');
    database.close();
    expect(await copyGrafanaDatabase(copy, path)).toEqual({ dashboards: 3, users: 1 });
  });

  it('is refused of what is damaged, no database, not of Grafana or not there, and leaves the former copy', async () => {
    const { path, database } = grafanaFile(300);
    database.close();
    const copy = join(dir, 'copy.db');
    await copyGrafanaDatabase(path, copy);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0x5a, 4 * 4096, 8 * 4096));
    await expect(copyGrafanaDatabase(path, copy)).rejects.toThrow(
      /SL1113 (the database is damaged|it cannot be copied)/,
    );
    const text = join(dir, 'text');
    writeFileSync(text, 'no database at all, but long enough to be read as one'.repeat(100));
    await expect(copyGrafanaDatabase(text, copy)).rejects.toThrow('SL1113 it cannot be copied');
    const other = join(dir, 'other.db');
    new DatabaseSync(other).exec('CREATE TABLE t (x)');
    await expect(copyGrafanaDatabase(other, copy)).rejects.toThrow('SL1113 it has no tables of Grafana');
    await expect(copyGrafanaDatabase(join(dir, 'none.db'), copy)).rejects.toThrow(
      'SL1113 there is no such file',
    );
    await expect(copyGrafanaDatabase(copy, join(dir, 'none', 'copy.db'))).rejects.toThrow(
      'SL1113 it cannot be copied',
    );
    const kept = new DatabaseSync(copy, { readOnly: true });
    expect(kept.prepare('SELECT count(*) AS n FROM dashboard').get()).toEqual({ n: 300 });
    kept.close();
  });
});
