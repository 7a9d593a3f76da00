import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { minuteMs, partOf, searchIndexFile } from './index-file.ts';
import { packedOf, servicesWith } from './packed-words.ts';

/** Milliseconds since the epoch; the end is not within. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Where lines can be. */
export interface Place extends Span {
  /** Of these services; undefined is of any. */
  readonly services: ReadonlySet<string> | undefined;
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
): readonly Place[] | undefined {
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
    const known = minutesWith(database, organization, words.slice(0, mostWords), within)
      .map(({ minute, services }) => ({
        services,
        startMs: Math.max(minute * minuteMs, within.startMs, fromMs),
        endMs: Math.min((minute + 1) * minuteMs, within.endMs),
      }))
      .filter(({ startMs, endMs }) => startMs < endMs);
    const older = {
      startMs: within.startMs,
      endMs: Math.min(fromMs, within.endMs),
      services: undefined,
    };
    return older.startMs < older.endMs ? [...known, older] : known;
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

interface MinuteWith extends Pick<Place, 'services'> {
  readonly minute: number;
}

/** Newest first. */
function minutesWith(
  database: DatabaseSync,
  organization: string,
  words: readonly number[],
  { startMs, endMs }: Span,
): readonly MinuteWith[] {
  const span = [organization, Math.floor(startMs / minuteMs), Math.floor((endMs - 1) / minuteMs)] as const;
  /** Of each minute, the services that have each of the words. */
  const found = new Map<number, Place['services'][]>();
  const look = (row: Readonly<Record<string, unknown>>, looked: readonly number[]): void => {
    const having = servicesWith(packedOf(row));
    const minute = Number(row.minute);
    const known = found.get(minute) ?? words.map(() => new Set<string>());
    found.set(minute, known);
    for (const index of looked) {
      const services = having(words[index] ?? 0);
      known[index] = services && known[index]?.union(new Set(services));
    }
  };
  const of = 'organization = ? AND minute BETWEEN ? AND ?';
  const columns = 'minute, checksum, services, words';
  const merged = database.prepare(`SELECT ${columns} FROM merged WHERE ${of} AND part = ?`);
  for (const [part, looked] of byPart(words))
    for (const row of merged.iterate(...span, part)) look(row, looked);
  const added = database.prepare(`SELECT ${columns} FROM added WHERE ${of}`);
  for (const row of added.iterate(...span)) look(row, [...words.keys()]);
  const filled = database.prepare(`SELECT minute FROM filled WHERE ${of}`);
  for (const { minute } of filled.iterate(...span)) found.set(Number(minute), [undefined]);
  return [...found]
    .map(([minute, services]) => ({ minute, services: services.reduce(inBoth) }))
    .filter(({ services }) => services === undefined || services.size > 0)
    .sort((a, b) => b.minute - a.minute);
}

type Services = Place['services'];

/** A line with all of the words is of a service that has each. */
const inBoth = (some: Services, others: Services): Services =>
  some === undefined ? others : others === undefined ? some : some.intersection(others);

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
