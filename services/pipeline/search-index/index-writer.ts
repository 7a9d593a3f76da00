import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openSqlite, writeTransaction } from '../../kit/sqlite.ts';
import type { PushEntry } from '../loki/push-proto.ts';
import { minuteMs, removeSearchIndex, schema, searchIndexFile } from './index-file.ts';
import { mergeMinutes } from './merge-minutes.ts';
import { packed } from './packed-words.ts';
import { wordOfService } from './word-of-service.ts';
import { numberOf, Words } from './words.ts';

export interface SearchIndexOptions {
  readonly directory: string;
  /** Minutes that are older are forgotten. */
  readonly keepHours: number;
  /** Where a new index begins: all lines of this instant and later go through it. Milliseconds since the epoch. */
  readonly fromMs: number;
  /** The index cannot be written: it is removed, and searches ask Loki for everything. */
  readonly onTrouble: (error: unknown) => void;
}

/** It looks at every row. */
const forgetEveryMs = 3_600_000;

/** A line on its way to Loki. */
export interface IndexedLine {
  /** The label of its stream. */
  readonly service: string;
  readonly pushed: Pick<PushEntry, 'timestamp' | 'line'>;
}

interface Open {
  readonly database: DatabaseSync;
  readonly add: StatementSync;
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
  add(organization: string, lines: readonly IndexedLine[]): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#guarded(() => {
      const rows = [...wordsByMinute(lines)].map(([minute, words]) => ({
        minute,
        ...packed(wordsOfServices(words), words.keys()),
      }));
      writeTransaction(open.database, () => {
        for (const { minute, checksum, services, words } of rows)
          open.add.run(organization, minute, checksum, services, words);
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
      isMore = mergeMinutes(open.database, Math.floor(nowMs / minuteMs));
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
  return { database, add };
}

function wordsByMinute(lines: readonly IndexedLine[]): ReadonlyMap<number, ReadonlyMap<string, Words>> {
  const byMinute = new Map<number, Map<string, Words>>();
  for (const { service, pushed } of lines) {
    const minute = Math.floor(pushed.timestamp.seconds / 60);
    const services = byMinute.get(minute) ?? new Map<string, Words>();
    if (services.size === 0) byMinute.set(minute, services);
    const words = services.get(service) ?? new Words();
    if (words.size === 0) services.set(service, words);
    words.add(pushed.line);
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

function forget(database: DatabaseSync, beforeMs: number): void {
  const minute = Math.floor(beforeMs / minuteMs);
  writeTransaction(database, () => {
    database.prepare('UPDATE kept SET from_ms = max(from_ms, ?)').run((minute + 1) * minuteMs);
    database.prepare('DELETE FROM added WHERE minute <= ?').run(minute);
    database.prepare('DELETE FROM merged WHERE minute <= ?').run(minute);
  });
}
