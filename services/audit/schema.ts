import type { Generated } from 'kysely';

export interface Tables {
  readonly entries: {
    readonly seq: Generated<number>;
    readonly event_id: string;
    readonly type: string;
    readonly subject: string;
    readonly actor: string;
    readonly request_id: string | null;
    /** When it happened, RFC 3339. */
    readonly occurred_at: string;
    /** The event's data, in JSON. */
    readonly data: string;
    /** `hash` of the entry before, empty for the first. */
    readonly previous_hash: string;
    /** SHA-256 over the entry and `previous_hash`, in hex: changing an entry breaks every later one. */
    readonly hash: string;
  };
}

export const migrations = [
  `CREATE TABLE entries (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
     subject TEXT NOT NULL, actor TEXT NOT NULL, request_id TEXT, occurred_at TEXT NOT NULL, data TEXT NOT NULL,
     previous_hash TEXT NOT NULL, hash TEXT NOT NULL
   ) STRICT`,
] as const;
