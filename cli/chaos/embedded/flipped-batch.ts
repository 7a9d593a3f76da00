import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ChaosHands, Trial } from '../chaos-queue.ts';
import { LogLoad } from '../log-load.ts';
import { metricOf } from '../pipeline-processes.ts';

/** Acknowledges a batch that no ingestor takes, damages it where it lies, and sees what the ingestor does with it. */
export async function flippedBatch(hands: ChaosHands): Promise<Trial> {
  hands.say('A bit of a batch in the queue’s file is flipped');
  const { processes, queueDirectory, ingestorUrl } = hands.pipeline;
  await processes['log-ingestor'].end('SIGTERM');
  const target = await takenNow(hands, 1);
  await processes['log-gateway'].end('SIGTERM');
  const file = join(queueDirectory, 'queue.sqlite');
  const stored = startOfLast(file);
  flip(file, stored, 1, stored.length - 1);
  for (const name of ['log-ingestor', 'log-gateway'] as const) await processes[name].start();
  await hands.drained();
  const delivered = target.size - (await hands.ledgerOf(target)).lost.length;
  const counted = await metricOf(ingestorUrl, 'log_queue_damaged_batches_total');
  const named =
    /"batch":(\d+)[^\n]*is damaged and kept aside|is damaged and kept aside[^\n]*"batch":(\d+)/.exec(
      processes['log-ingestor'].output,
    );
  const number = named?.[1] ?? named?.[2];
  return {
    what: 'flipped bit in a batch',
    figure: `${counted} batch found damaged (${number === undefined ? 'not named' : `named: ${number}`}), ${delivered} of its entries delivered`,
    outcome: counted === 1 && number !== undefined && delivered === 0 ? 'good' : 'bad',
  };
}

/** SQLite keeps the start of a row in one piece, and this much of it in any case: https://sqlite.org/fileformat.html#b_tree_pages */
const inOnePiece = 300;

/** How the last batch begins in the file, compressed as it is; its id is within. */
function startOfLast(file: string): Uint8Array {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare('SELECT body FROM batches ORDER BY seq DESC LIMIT 1').get();
    if (!(row?.body instanceof Uint8Array)) throw new Error(`${file} has no batch that could be damaged`);
    return row.body.subarray(0, inOnePiece);
  } finally {
    database.close();
  }
}

/** The ids of some requests that the gateway takes. @throws Error when it does not */
export async function takenNow({ pipeline }: ChaosHands, requests: number): Promise<ReadonlySet<string>> {
  const load = new LogLoad(pipeline);
  for (let request = 0; request < requests; request += 1) {
    if (!(await load.sendOnce())) throw new Error('the gateway did not take what was to be damaged');
  }
  await load.stop();
  return load.acknowledged;
}

/** Changes bits of the byte at which the bytes stand in the file. @throws Error when it does not have them */
export function flip(file: string, found: Uint8Array, bits: number, offset = 0): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(found);
  if (at === -1) throw new Error(`${file} does not have what was to be damaged`);
  bytes.writeUInt8(bytes.readUInt8(at + offset) ^ bits, at + offset);
  writeFileSync(file, bytes);
}
