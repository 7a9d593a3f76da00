import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ChaosHands, Trial } from '../chaos-queue.ts';
import { metricOf } from '../pipeline-processes.ts';
import { flip, takenNow } from './flipped-batch.ts';

const requests = 8;
/** In which the gateway looks at the cursor some times. */
const lookMs = 2000;

/**
 * Makes the cursor claim batches that are acknowledged and not stored, by one bit of it, while the gateway runs, which
 * deletes what the cursor says is stored.
 */
export async function flippedCursor(hands: ChaosHands): Promise<Trial> {
  hands.say('A bit of the ingestor’s cursor is flipped');
  const { processes, queueDirectory, ingestorUrl } = hands.pipeline;
  await processes['log-ingestor'].end('SIGTERM');
  const acknowledged = await takenNow(hands, requests);
  const file = join(queueDirectory, 'cursor.sqlite');
  // The gateway looks at it all the time, so only between two looks its log is emptied into it.
  for (let wait = 0; existsSync(`${file}-wal`) && wait < 100; wait += 1) await hands.pause(50);
  const { stored, last, bit } = cursorIn(file);
  flip(file, stored, bit, last);
  await hands.pause(lookMs);
  await processes['log-ingestor'].start();
  await hands.drained();
  const { lost } = await hands.ledgerOf(acknowledged);
  const counted = await metricOf(ingestorUrl, 'log_queue_progress_damages_total');
  const isNamed = /the cursor \d+ does not match its checksum/.test(processes['log-ingestor'].output);
  return {
    what: 'flipped bit in the cursor',
    figure: `${counted} found (${isNamed ? 'named' : 'not named'}), ${lost.length} of ${acknowledged.size} entries behind it lost`,
    outcome: counted === 1 && isNamed && lost.length === 0 ? 'good' : 'bad',
  };
}

/** How the cursor and its checksum lie in the file, which is the cursor's last byte, and a bit of it that makes it two batches more at least. */
function cursorIn(file: string): {
  readonly stored: Uint8Array;
  readonly last: number;
  readonly bit: number;
} {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare('SELECT seq, checksum FROM cursor').get();
    const [seq, checksum] = [Number(row?.seq), Number(row?.checksum)];
    const bit = [2, 4, 8, 16, 32].find((weight) => (seq & weight) === 0) ?? 64;
    const number = recorded(seq);
    return { stored: Buffer.concat([number, recorded(checksum)]), last: number.length - 1, bit };
  } finally {
    database.close();
  }
}

/** A whole number as a record of SQLite holds it: in the fewest of 1, 2, 3, 4 or 6 bytes, with a sign. */
function recorded(value: number): Buffer {
  const size = [1, 2, 3, 4].find((bytes) => value < 2 ** (8 * bytes - 1)) ?? 6;
  const bytes = Buffer.alloc(size);
  bytes.writeIntBE(value, 0, size);
  return bytes;
}
