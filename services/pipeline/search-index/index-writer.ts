import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openSqlite, writeTransaction } from '../../kit/sqlite.ts';
import type { EncodedEntries } from '../loki/encoded-entries.ts';
import { minuteMs, removeSearchIndex, schema, searchIndexFile } from './index-file.ts';
import { KnownMinutes } from './known-minutes.ts';
import { mergeMinutes } from './merge-minutes.ts';
import { bytesOfWord, packed } from './packed-words.ts';
import { wordOfService } from './word-of-service.ts';
import { numberOf, Words } from './words.ts';

export interface SearchIndexOptions {
  readonly directory: string;
  /** Minutes that are older are forgotten. */
  readonly keepHours: number;
  /** Where a new index begins: all lines of this instant and later go through it. Milliseconds since the epoch. */
  readonly fromMs: number;
  /** A minute that nothing was added to for so many milliseconds is merged. */
  readonly settleMs: number;
  /** The index cannot be written: it is removed, and searches ask Loki for everything. */
  readonly onTrouble: (error: unknown) => void;
}

/** It looks at every row. */
const forgetEveryMs = 3_600_000;

/** Lines on their way to Loki. */
export interface IndexedLines {
  /** The label of their stream. */
  readonly service: string;
  readonly entries: Pick<EncodedEntries, 'forEach'>;
}

interface Open {
  readonly database: DatabaseSync;
  readonly add: StatementSync;
  readonly minutes: KnownMinutes;
}

/** What the ingestor writes. Nothing of it may stop the pipeline. */
export class SearchIndex {
  readonly #options: SearchIndexOptions;
  #open: Open | undefined;
  #forgottenMs = 0;

  constructor(options: SearchIndexOptions) {
    this.#options = options;
    this.#guarded(() => {
      this.#open = opened(options);
    });
  }

  /** Before the lines go to Loki, so that whatever can be found there is here. Durable when it returns. */
  add(organization: string, lines: readonly IndexedLines[]): void {
    const open = this.#open;
    if (open === undefined) return;
    const { database, minutes } = open;
    this.#guarded(() => {
      const rows = [...wordsByMinute(lines, (minute) => minutes.isFull(organization, minute))].map(
        ([minute, words]) => ({ minute, ...packed(wordsOfServices(words), words.keys()) }),
      );
      if (rows.length === 0) return;
      writeTransaction(database, () => {
        for (const { minute, checksum, services, words } of rows) {
          if (minutes.add(organization, minute, words.byteLength / bytesOfWord))
            fill(database, organization, minute);
          else open.add.run(organization, minute, checksum, services, words);
        }
      });
    });
  }

  /** Merges some minutes that are over and forgets old ones; says whether there may be more to do. */
  tidy(nowMs: number = Date.now()): boolean {
    const open = this.#open;
    if (open === undefined) return false;
    let isMore = false;
    this.#guarded(() => {
      if (nowMs - this.#forgottenMs > forgetEveryMs) {
        forget(open.database, nowMs - this.#options.keepHours * 3_600_000);
        this.#forgottenMs = nowMs;
      }
      const { settleMs } = this.#options;
      isMore = mergeMinutes(open.database, Math.floor(nowMs / minuteMs), (organization, minute) =>
        open.minutes.isSettled(organization, minute, settleMs),
      );
      open.minutes.forgetSettled(settleMs);
    });
    return isMore;
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      try {
        this.close();
      } finally {
        removeSearchIndex(this.#options.directory);
        this.#options.onTrouble(error);
      }
    }
  }
}

function opened({ directory, fromMs }: SearchIndexOptions): Open {
  const database = openSqlite(searchIndexFile(directory), { synchronous: 'FULL' });
  database.exec(schema);
  database.prepare('INSERT OR IGNORE INTO kept VALUES (1, ?)').run(fromMs);
  const add = database.prepare(
    'INSERT INTO added (organization, minute, checksum, services, words) VALUES (?, ?, ?, ?, ?)',
  );
  return { database, add, minutes: new KnownMinutes(database) };
}

/** Of a full minute no word is asked for any more. */
function wordsByMinute(
  lines: readonly IndexedLines[],
  isFull: (minute: number) => boolean,
): ReadonlyMap<number, ReadonlyMap<string, Words>> {
  const full = new Map<number, boolean>();
  const byMinute = new Map<number, Map<string, Words>>();
  const add = (service: string, seconds: number, line: () => string): void => {
    const minute = Math.floor(seconds / 60);
    // Asked once a minute: a push has thousands of lines, and they are of few.
    const isOver = full.get(minute) ?? isFull(minute);
    full.set(minute, isOver);
    if (isOver) return;
    const services = byMinute.get(minute) ?? new Map<string, Words>();
    if (services.size === 0) byMinute.set(minute, services);
    const words = services.get(service) ?? new Words();
    if (words.size === 0) services.set(service, words);
    words.add(line());
  };
  for (const { service, entries } of lines) {
    entries.forEach((seconds, line) => {
      add(service, seconds, line);
    });
  }
  return byMinute;
}

function wordsOfServices(services: ReadonlyMap<string, Words>): Uint32Array {
  const all: number[] = [];
  for (const [name, words] of services) {
    const service = numberOf(name);
    for (const word of words.all()) all.push(wordOfService(word, service));
  }
  return Uint32Array.from(all).sort();
}

function fill(database: DatabaseSync, organization: string, minute: number): void {
  database.prepare('INSERT OR IGNORE INTO filled VALUES (?, ?)').run(organization, minute);
  for (const table of ['added', 'merged'])
    database.prepare(`DELETE FROM ${table} WHERE organization = ? AND minute = ?`).run(organization, minute);
}

function forget(database: DatabaseSync, beforeMs: number): void {
  const minute = Math.floor(beforeMs / minuteMs);
  writeTransaction(database, () => {
    database.prepare('UPDATE kept SET from_ms = max(from_ms, ?)').run((minute + 1) * minuteMs);
    for (const table of ['added', 'merged', 'filled'])
      database.prepare(`DELETE FROM ${table} WHERE minute <= ?`).run(minute);
  });
}
