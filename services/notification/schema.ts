export interface ReminderRow {
  /** One reminder a task: a new time replaces the old one. */
  readonly task_id: string;
  readonly owner: string;
  readonly title: string;
  /** Version of the task that set it; what an older one says comes too late. */
  readonly task_version: number;
  /** RFC 3339 in UTC. */
  readonly remind_at: string;
  readonly state: 'scheduled' | 'sent' | 'cancelled';
  /** Attempts to send it that failed. */
  readonly failures: number;
  /** When to try next, in milliseconds since the epoch. */
  readonly next_try_at: number;
  readonly sent_at: string | null;
  readonly request_id: string | null;
  readonly traceparent: string | null;
}

export interface Tables {
  readonly reminders: ReminderRow;
}

export const migrations = [
  `CREATE TABLE reminders (
     task_id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, task_version INTEGER NOT NULL,
     remind_at TEXT NOT NULL, state TEXT NOT NULL, failures INTEGER NOT NULL, next_try_at INTEGER NOT NULL,
     sent_at TEXT, request_id TEXT, traceparent TEXT
   ) STRICT;
   CREATE INDEX reminders_by_due ON reminders (state, next_try_at)`,
] as const;
