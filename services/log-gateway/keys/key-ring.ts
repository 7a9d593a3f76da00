import { timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Caller } from './caller.ts';
import { readKeys } from './key-file.ts';
import type { KeyRecord } from './key-record.ts';
import { partsOf } from './manage-keys.ts';

export type KeyRefusal = 'missing' | 'unknown' | 'expired' | 'revoked';

/** Milliseconds after which a change of the file is seen. A key that is not known may be new: it is looked for at once. */
const freshMs = 1000;

/** The keys of a file as the gateway uses them: a revoked one is refused a second later. */
export class KeyRing {
  readonly #file: string;
  #keys: ReadonlyMap<string, KeyRecord> = new Map();
  #version = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(file: string) {
    this.#file = file;
  }

  /** Throws what is wrong with the file. */
  probe(): void {
    this.#refresh(freshMs);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Who holds the key; while the file cannot be used, nobody. */
  callerOf(key: string): Caller | KeyRefusal {
    this.#refresh(freshMs);
    const parts = partsOf(key);
    if (parts !== undefined && !this.#keys.has(parts.id)) this.#refresh(0);
    const record = parts && this.#keys.get(parts.id);
    if (parts === undefined || record === undefined || !holds(record, parts.hash)) return 'unknown';
    if (record.revokedAt !== undefined) return 'revoked';
    if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= Date.now()) return 'expired';
    return { id: record.id, scopes: record.scopes, organizations: record.organizations };
  }

  #refresh(maxAgeMs: number): void {
    const now = performance.now();
    if (now - this.#lookedAt < maxAgeMs) return;
    this.#lookedAt = now;
    try {
      const found = statSync(this.#file, { throwIfNoEntry: false });
      const version =
        found === undefined ? 'none' : `${found.mtimeMs} ${found.ino} ${found.size} ${found.mode}`;
      if (version === this.#version && this.#failure === undefined) return;
      this.#keys = new Map(readKeys(this.#file).map((record) => [record.id, record]));
      this.#version = version;
      this.#failure = undefined;
    } catch (error) {
      this.#keys = new Map();
      this.#failure = error;
    }
  }
}

function holds(record: KeyRecord, hash: string): boolean {
  if (same(record.hash, hash)) return true;
  const { previous } = record;
  return previous !== undefined && same(previous.hash, hash) && Date.parse(previous.until) > Date.now();
}

function same(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
