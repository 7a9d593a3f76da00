import type { DatabaseSync } from 'node:sqlite';
import { bytesOfWord } from './packed-words.ts';

/**
 * Words that the index keeps of a minute and organization, 4 bytes each: some thousand lines a second. A minute with
 * more counts as having every word, so that neither the disk nor the processor pays for what no search gains by.
 */
export const mostWords = 250_000;

interface Known {
  words: number;
  /** Milliseconds since the epoch, by the clock. */
  addedMs: number;
}

/** How much is in the minutes that lines were added to lately. */
export class KnownMinutes {
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, Known>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  isFull(organization: string, minute: number): boolean {
    return this.#of(organization, minute).words > mostWords;
  }

  /** Counts words that are added to a minute; says whether it is full now. */
  add(organization: string, minute: number, words: number): boolean {
    const known = this.#of(organization, minute);
    known.words += words;
    known.addedMs = Date.now();
    return known.words > mostWords;
  }

  /** Whether nothing was added for so long. */
  isSettled(organization: string, minute: number, settleMs: number): boolean {
    const known = this.#known.get(keyOf(organization, minute));
    return known === undefined || Date.now() - known.addedMs >= settleMs;
  }

  /** What is added to it later is counted anew, from the database. */
  forgetSettled(settleMs: number): void {
    const now = Date.now();
    for (const [key, { addedMs }] of this.#known) if (now - addedMs >= settleMs) this.#known.delete(key);
  }

  #of(organization: string, minute: number): Known {
    const key = keyOf(organization, minute);
    const known = this.#known.get(key) ?? { words: this.#stored(organization, minute), addedMs: Date.now() };
    this.#known.set(key, known);
    return known;
  }

  #stored(organization: string, minute: number): number {
    const of = 'WHERE organization = ? AND minute = ?';
    const ask = (sql: string): number =>
      Number(this.#database.prepare(sql).get(organization, minute)?.value ?? 0);
    if (ask(`SELECT count(*) AS value FROM filled ${of}`) > 0) return Number.POSITIVE_INFINITY;
    const [added = 0, merged = 0] = ['added', 'merged'].map((table) =>
      ask(`SELECT sum(length(words)) / ${bytesOfWord} AS value FROM ${table} ${of}`),
    );
    return added + merged;
  }
}

const keyOf = (organization: string, minute: number): string => `${minute} ${organization}`;
