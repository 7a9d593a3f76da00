import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { SightlineError } from '../../telemetry/errors.ts';

/** What is in a copy of Grafana's database. */
export interface CopiedDatabase {
  readonly dashboards: number;
  readonly users: number;
}

/**
 * Copies Grafana's SQLite file by SQLite's own backup, which is whole even while Grafana writes, and sees that the copy is
 * sound before it takes its place.
 * @throws SightlineError SL1113 when the source is no sound database of Grafana, or the copy cannot be written
 */
export async function copyGrafanaDatabase(from: string, to: string): Promise<CopiedDatabase> {
  if (!existsSync(from))
    throw unusable('there is no such file', from, 'name grafana.db, which is in the data folder of Grafana');
  const partial = `${to}.${process.pid}.partial`;
  try {
    const source = new DatabaseSync(from, { readOnly: true });
    try {
      await backup(source, partial);
    } finally {
      source.close();
    }
    const found = inspect(partial, from);
    await rename(partial, to);
    return found;
  } catch (cause) {
    if (cause instanceof SightlineError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unusable(
      `it cannot be copied: ${reason}`,
      `${from}, ${to}`,
      'see that the one is a SQLite file and the other’s folder is there',
      cause,
    );
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(partial + suffix, { force: true });
  }
}

function inspect(copy: string, from: string): CopiedDatabase {
  const database = new DatabaseSync(copy, { readOnly: true });
  try {
    const verdict = Object.values(database.prepare('PRAGMA integrity_check').get() ?? {})[0];
    if (verdict !== 'ok')
      throw unusable(
        `the database is damaged: ${verdict}`,
        from,
        'copy it again while Grafana does not write, or use an older backup',
      );
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('dashboard', 'user')")
      .all();
    if (tables.length < 2)
      throw unusable(
        'it has no tables of Grafana',
        from,
        'name grafana.db, which is in the data folder of Grafana',
      );
    const count = (table: 'dashboard' | 'user'): number =>
      Number(Object.values(database.prepare(`SELECT count(*) FROM "${table}"`).get() ?? {})[0]);
    return { dashboards: count('dashboard'), users: count('user') };
  } finally {
    database.close();
  }
}

const unusable = (what: string, where: string, fix: string, cause?: unknown): SightlineError =>
  new SightlineError('SL1113', { what, where, fix, cause });
