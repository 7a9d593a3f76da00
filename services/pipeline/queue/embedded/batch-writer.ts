import { statfsSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { giveBack } from '../../../kit/memory.ts';
import { writeTransaction } from '../../../kit/sqlite.ts';
import type { LogBatch } from '../log-queue.ts';
import { storedBatch } from '../stored-body.ts';
import { highestSeen, readCursor } from './cursor-file.ts';
import { checksumOf, highestGiven, openQueueFile, totalsAfter, type WaitingTotals } from './queue-file.ts';
import type { WriterOptions } from './writer-messages.ts';

/** Pages in the log before SQLite moves them to the file: seldom enough to be cheap, often enough to be quick. */
const checkpointPages = 2000;
/** Rows that one transaction deletes, so that no append waits long. */
const trimRows = 500;

/** The one writer of a queue's file; it blocks, so it lives in a thread of its own. */
export class BatchWriter {
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #freePages: StatementSync;
  readonly #pageSize: number;
  readonly #oldest: StatementSync;
  #next: number;
  #entries: number;
  #bytes: number;

  constructor({ directory, synchronous }: WriterOptions) {
    this.#directory = directory;
    this.#database = openQueueFile(directory, synchronous);
    this.#database.exec(
      `PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA journal_size_limit = 67108864`,
    );
    this.#insert = this.#database.prepare(
      `INSERT INTO batches (seq, organization, count, bytes, appended_at, traceparent, checksum, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#trim = this.#database.prepare(
      `DELETE FROM batches WHERE seq IN (SELECT seq FROM batches WHERE seq <= ? ORDER BY seq LIMIT ?)
       RETURNING count, bytes`,
    );
    this.#oldest = this.#database.prepare('SELECT appended_at FROM batches ORDER BY seq LIMIT 1');
    this.#freePages = this.#database.prepare('PRAGMA freelist_count');
    this.#pageSize = Number(this.#database.prepare('PRAGMA page_size').get()?.page_size);
    // The queue's file may be a new one beside what a consumer knows of the old.
    this.#next = 1 + Math.max(highestGiven(this.#database), highestSeen(directory));
    const { entries, bytes } = totalsAfter(this.#database, 0);
    this.#entries = entries;
    this.#bytes = bytes;
  }

  /** All in one transaction, durable when it returns; none of them when it throws. Their bodies are gone then. */
  append(group: readonly LogBatch[]): void {
    const now = Date.now();
    let seq = this.#next;
    const stored = group.map(storedBatch);
    writeTransaction(this.#database, () => {
      for (const batch of stored) {
        const { organization, count, body, traceparent = null } = batch;
        const checksum = checksumOf(seq, batch);
        this.#insert.run(seq, organization, count, body.byteLength, now, traceparent, checksum, body);
        seq += 1;
      }
    });
    this.#next = seq;
    for (const { count, body } of stored) {
      this.#count(count, body.byteLength);
      giveBack(body);
    }
  }

  /**
   * Deletes some of what the consumer stored, and says whether there may be more.
   * @throws Error where what the consumer wrote down cannot be trusted; nothing is deleted then
   */
  trim(): boolean {
    const cursor = readCursor(this.#directory);
    if (cursor >= this.#next)
      throw new Error(`the cursor ${cursor} is beyond the last batch ${this.#next - 1}`);
    const rows = this.#trim.all(cursor, trimRows);
    for (const { count, bytes } of rows) this.#count(-Number(count), -Number(bytes));
    return rows.length === trimRows;
  }

  totals(): WaitingTotals {
    const oldest = this.#oldest.get();
    return {
      entries: this.#entries,
      bytes: this.#bytes,
      oldestAt: oldest === undefined ? null : Number(oldest.appended_at),
    };
  }

  /** Bytes that the queue's disk has left for it: what nobody uses, and what its file holds empty. */
  diskLeft(): number {
    const { bavail, bsize } = statfsSync(this.#directory);
    return bavail * bsize + Number(this.#freePages.get()?.freelist_count) * this.#pageSize;
  }

  close(): void {
    this.#database.close();
  }

  #count(entries: number, bytes: number): void {
    this.#entries += entries;
    this.#bytes += bytes;
  }
}
