import type { Generated } from 'kysely';
import type { Recurrence } from '../kit/bus/event-data.ts';

export interface TaskRow {
  /** Order of creation; the cursor of the list. */
  readonly seq: Generated<number>;
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly notes: string;
  readonly due_at: string | null;
  readonly remind_at: string | null;
  readonly recurrence: Recurrence | null;
  /** 0 or 1. */
  readonly done: number;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly idempotency_key: string | null;
}

export interface Tables {
  readonly users: { readonly name: string; readonly salt: string; readonly hash: string };
  readonly tasks: TaskRow;
  /** Events that were committed with their change and wait to be handed to the bus. */
  readonly outbox: { readonly seq: Generated<number>; readonly event: string };
  /** Changes as pushed to clients, kept for those that come back. */
  readonly updates: {
    readonly seq: Generated<number>;
    readonly owner: string;
    readonly event_id: string;
    readonly body: string;
  };
}

export const migrations = [
  `CREATE TABLE users (name TEXT PRIMARY KEY, salt TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
   CREATE TABLE tasks (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, title TEXT NOT NULL,
     notes TEXT NOT NULL, due_at TEXT, remind_at TEXT, recurrence TEXT, done INTEGER NOT NULL,
     version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, idempotency_key TEXT
   ) STRICT;
   CREATE INDEX tasks_by_owner ON tasks (owner, seq);
   CREATE UNIQUE INDEX tasks_by_key ON tasks (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
   CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL) STRICT;
   CREATE TABLE updates (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, event_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX updates_by_owner ON updates (owner, seq)`,
] as const;
