import type { SqliteOptions } from '../../../kit/sqlite.ts';
import type { LogBatch } from '../log-queue.ts';
import type { WaitingTotals } from './queue-file.ts';

/** What crosses between the gateway's thread and the writer's. */
export interface WriterOptions {
  readonly directory: string;
  /** `OFF` exists only so that a test can see the durability check fail. */
  readonly synchronous: SqliteOptions['synchronous'];
}

/** Batches of one transaction; an empty group asks the writer to end. */
export type ToWriter = readonly LogBatch[];

export type FromWriter =
  | { readonly kind: 'ready' | 'state'; readonly totals: WaitingTotals; readonly diskLeft: number }
  | { readonly kind: 'appended' }
  | { readonly kind: 'refused' }
  /** Deleting or looking failed; it is tried again, and batches are taken meanwhile. */
  | { readonly kind: 'trouble'; readonly reason: string }
  | { readonly kind: 'closed' };
