import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { minuteMs, partOf, searchIndexFile } from './index-file.ts';
import { membership, packedOf } from './packed-words.ts';

/** Milliseconds since the epoch; the end is not within. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Words looked for: more make a search no narrower. */
const mostWords = 8;

/**
 * Where lines with all of the words can be, within the span and newest first; undefined where there is no index. What
 * is older than the index is one span of its own.
 */
export function spansWith(
  directory: string,
  organization: string,
  words: readonly number[],
  within: Span,
): readonly Span[] | undefined {
  const path = searchIndexFile(directory);
  if (words.length === 0 || !existsSync(path)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    // Opened for each search: a file that the ingestor removed must not answer.
    database = new DatabaseSync(path, { readOnly: true, timeout: 1000 });
    // One moment of both tables: rows that are merged meanwhile would be in neither.
    database.exec('BEGIN');
    const fromMs = Number(database.prepare('SELECT from_ms FROM kept').get()?.from_ms);
    if (!(fromMs <= within.endMs)) return undefined;
    const minutes = minutesWith(database, organization, words.slice(0, mostWords), within);
    const known = minutes
      .map((minute) => ({
        startMs: Math.max(minute * minuteMs, within.startMs, fromMs),
        endMs: Math.min((minute + 1) * minuteMs, within.endMs),
      }))
      .filter(({ startMs, endMs }) => startMs < endMs);
    const older = { startMs: within.startMs, endMs: Math.min(fromMs, within.endMs) };
    return older.startMs < older.endMs ? [...known, older] : known;
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

/** Newest first. */
function minutesWith(
  database: DatabaseSync,
  organization: string,
  words: readonly number[],
  { startMs, endMs }: Span,
): readonly number[] {
  const span = [organization, Math.floor(startMs / minuteMs), Math.floor((endMs - 1) / minuteMs)] as const;
  const found = new Map<number, number>();
  const look = (row: Readonly<Record<string, unknown>>, looked: readonly number[]): void => {
    const mayHave = membership(packedOf(row));
    let bits = found.get(Number(row.minute)) ?? 0;
    for (const index of looked) {
      const bit = 1 << index;
      if ((bits & bit) === 0 && mayHave(words[index] ?? 0)) bits |= bit;
    }
    found.set(Number(row.minute), bits);
  };
  const of = 'organization = ? AND minute BETWEEN ? AND ?';
  const merged = database.prepare(`SELECT minute, checksum, words FROM merged WHERE ${of} AND part = ?`);
  for (const [part, looked] of byPart(words))
    for (const row of merged.iterate(...span, part)) look(row, looked);
  const added = database.prepare(`SELECT minute, checksum, words FROM added WHERE ${of}`);
  for (const row of added.iterate(...span)) look(row, [...words.keys()]);
  const all = (1 << words.length) - 1;
  return [...found]
    .filter(([, bits]) => bits === all)
    .map(([minute]) => minute)
    .sort((a, b) => b - a);
}

/** Indexes of the words, by the part of a minute that they are in. */
function byPart(words: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const parts = new Map<number, number[]>();
  words.forEach((word, index) => {
    const known = parts.get(partOf(word));
    if (known === undefined) parts.set(partOf(word), [index]);
    else known.push(index);
  });
  return parts;
}
