import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { SightlineError } from '../../../../telemetry/errors.ts';
import { entriesOf } from '../batch.ts';
import { openedBody } from '../stored-body.ts';
import { readProgress } from './cursor-file.ts';
import { highestGiven, queueFile } from './queue-file.ts';
import {
  beforeFirst,
  type Damage,
  type Found,
  isDamage,
  lastNumber,
  named,
  walkBatches,
} from './walk-batches.ts';

export interface QueueHealth {
  /** Those that are whole and wait. */
  readonly batches: number;
  readonly entries: number;
  readonly damages: readonly Damage[];
  /** What SQLite itself finds wrong with its file, and what is wrong with the consumer's progress. */
  readonly file: readonly string[];
}

const mostProblems = 100;

/**
 * Looks at every batch that waits; the pipeline may run.
 * @throws SightlineError SL1724 where there is no queue, SL1702 when its file cannot be read
 */
export function verifyQueue(directory: string): QueueHealth {
  return looking(directory, (database) => {
    let entries = 0;
    let batches = 0;
    const damages: Damage[] = [];
    const { waiting, problems } = waitingIn(database, directory);
    for (const found of waiting) {
      if (isDamage(found)) damages.push(named(found));
      else {
        batches += 1;
        entries += found.count;
      }
    }
    return { batches, entries, damages, file: [...problems, ...integrityOf(database)] };
  });
}

/**
 * Every entry that waits, as JSON; damaged batches are left out and named.
 * @throws SightlineError SL1724 where there is no queue, SL1702 when its file cannot be read
 */
export function dumpQueue(
  directory: string,
  onEntry: (json: string) => void,
  onDamage: (damage: Damage) => void,
): void {
  looking(directory, (database) => {
    for (const found of waitingIn(database, directory).waiting) {
      if (isDamage(found)) onDamage(named(found));
      else {
        const { organization } = found;
        for (const entry of entriesOf({ ...found, body: openedBody(found.body) }))
          onEntry(JSON.stringify({ organization, ...entry }));
      }
    }
  });
}

/** What a queue has for its consumer, and what is wrong beside it. */
export function waitingIn(
  database: DatabaseSync,
  directory: string,
): { readonly waiting: Generator<Found>; readonly problems: readonly string[] } {
  try {
    const { cursor = 0, done, damages } = readProgress(directory);
    return { waiting: allAfter(database, cursor, done), problems: damages };
  } catch (error) {
    return { waiting: allAfter(database, 0, new Set()), problems: [`the progress: ${reasonOf(error)}`] };
  }
}

function* allAfter(database: DatabaseSync, cursor: number, done: ReadonlySet<number>): Generator<Found> {
  const after = cursor === 0 ? beforeFirst(database, done) : cursor;
  const last = Math.max(after, lastNumber(database));
  yield* walkBatches(database, after, done, Number.MAX_SAFE_INTEGER);
  const given = attempt(() => highestGiven(database));
  if (typeof given !== 'number') return;
  let first = last + 1;
  while (done.has(first)) first += 1;
  if (first > given) return;
  const several = given > first ? { through: given } : {};
  yield { batch: first, ...several, reason: 'it is missing from the file' };
}

/** One moment of the file, of which nothing is changed. */
export function looking<T>(directory: string, use: (database: DatabaseSync) => T): T {
  const database = openToRead(directory);
  try {
    // A transaction sees the moment of its first question: before the progress is read, which may only be ahead then.
    database.exec('BEGIN');
    highestGiven(database);
    return use(database);
  } finally {
    database.close();
  }
}

function openToRead(directory: string): DatabaseSync {
  const path = queueFile(directory);
  if (!existsSync(path)) {
    throw new SightlineError('SL1724', {
      what: 'there is no queue in the directory',
      where: path,
      fix: 'give the directory of the pipeline with --config or QUEUE_DIRECTORY',
    });
  }
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return database;
  } catch (cause) {
    throw new SightlineError('SL1702', {
      what: `cannot open the database: ${reasonOf(cause)}`,
      where: path,
      fix: 'make it readable; if it is no database any more, keep it aside and start the gateway with a new one',
      cause,
    });
  }
}

function integrityOf(database: DatabaseSync): readonly string[] {
  const found = attempt(() => database.prepare(`PRAGMA integrity_check(${mostProblems})`).all());
  if (typeof found === 'string') return [found];
  return found.map(({ integrity_check: text }) => String(text)).filter((text) => text !== 'ok');
}

/** The result, or what SQLite says is wrong. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return reasonOf(error);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
