import type { DatabaseSync } from 'node:sqlite';
import { writeTransaction } from '../../kit/sqlite.ts';
import { partOf, parts } from './index-file.ts';
import { type Packed, packed, packedOf, type Unpacked, unpacked } from './packed-words.ts';

/** Minutes that are left alone: lines of theirs still come. */
const freshMinutes = 2;
/** Merged in one go: each takes a few milliseconds, in which nothing else is done. */
const atOnce = 10;

/**
 * Makes of what was added to a minute one row for each part of the words; says whether more minutes wait.
 * @param isSettled whether a minute gets no more lines: merging one again and again would cost more than all else
 * @throws Error where a row is damaged: what is left of it must not become one that matches its checksum
 */
export function mergeMinutes(
  database: DatabaseSync,
  thisMinute: number,
  isSettled: (organization: string, minute: number) => boolean,
): boolean {
  const waiting = database
    .prepare('SELECT DISTINCT organization, minute FROM added WHERE minute < ?')
    .all(thisMinute - freshMinutes)
    .map(({ organization, minute }) => ({ organization: String(organization), minute: Number(minute) }))
    .filter(({ organization, minute }) => isSettled(organization, minute));
  for (const { organization, minute } of waiting.slice(0, atOnce))
    mergeMinute(database, organization, minute);
  return waiting.length > atOnce;
}

function mergeMinute(database: DatabaseSync, organization: string, minute: number): void {
  const of = 'WHERE organization = ? AND minute = ?';
  writeTransaction(database, () => {
    const rows = ['added', 'merged'].flatMap((table) =>
      database.prepare(`SELECT checksum, services, words FROM ${table} ${of}`).all(organization, minute),
    );
    const merged = together(rows.map(packedOf));
    if (merged === undefined) throw new Error(`minute ${minute} of the search index is damaged`);
    database.prepare(`DELETE FROM added ${of}`).run(organization, minute);
    database.prepare(`DELETE FROM merged ${of}`).run(organization, minute);
    const insert = database.prepare('INSERT INTO merged VALUES (?, ?, ?, ?, ?, ?)');
    const { services, words } = merged;
    for (let part = 0, from = 0; part < parts; part += 1) {
      let to = from;
      while (to < words.length && partOf(words[to] ?? 0) === part) to += 1;
      const row = packed(words.subarray(from, to), services);
      if (to > from) insert.run(organization, minute, part, row.checksum, row.services, row.words);
      from = to;
    }
  });
}

function together(rows: readonly Packed[]): Unpacked | undefined {
  const services = new Set<string>();
  const lists: Uint32Array[] = [];
  for (const row of rows) {
    const one = unpacked(row);
    if (one === undefined) return undefined;
    for (const service of one.services) services.add(service);
    lists.push(one.words);
  }
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  lists.reduce((at, words) => {
    all.set(words, at);
    return at + words.length;
  }, 0);
  return { services: [...services], words: all.sort().filter((word, at) => word !== all[at - 1]) };
}
