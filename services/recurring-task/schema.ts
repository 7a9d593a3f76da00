export interface Tables {
  /** What was made of each completion, by the event that told of it. */
  readonly occurrences: {
    readonly event_id: string;
    /** The task that was completed. */
    readonly task_id: string;
    readonly owner: string;
    readonly next_task_id: string;
    readonly due_at: string;
    readonly created_at: string;
  };
}

export const migrations = [
  `CREATE TABLE occurrences (
     event_id TEXT PRIMARY KEY, task_id TEXT NOT NULL, owner TEXT NOT NULL, next_task_id TEXT NOT NULL,
     due_at TEXT NOT NULL, created_at TEXT NOT NULL
   ) STRICT;
   CREATE INDEX occurrences_by_time ON occurrences (created_at)`,
] as const;
