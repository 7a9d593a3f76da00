import { join } from 'node:path';
import type { ChaosHands, ChaosQueue, Trial } from '../chaos-queue.ts';
import { deadIdsIn } from '../dead-ids.ts';
import { metricOf, type Pipeline } from '../pipeline-processes.ts';
import { flippedBatch } from './flipped-batch.ts';
import { flippedCursor } from './flipped-cursor.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { tornTails } from './torn-tails.ts';

const diskMegabytes = 96;
const fullDiskMs = 5000;

/**
 * The embedded queue under chaos, on a small disk of its own where one can be mounted.
 * @param tails how many batches are torn
 */
export async function embeddedChaos(directory: string, tails = 6): Promise<ChaosQueue> {
  const disk = await mountSmallDisk(join(directory, 'disk'), diskMegabytes);
  const queue = join(typeof disk === 'string' ? directory : disk.directory, 'queue');
  return {
    name: 'embedded',
    directory: queue,
    deeds: [
      'fills the disk of the queue to the last byte,',
      'kills gateway and ingestor while a batch is written, and cuts or damages the last frame of it in SQLite’s log,',
      'flips one bit in a batch in the queue’s file,',
      'flips one bit in the cursor of the ingestor, so that it claims what is not stored.',
    ],
    env: { QUEUE_MIN_FREE_BYTES: '8000000' },
    ingestors: 1,
    brokers: [],
    waiting: ({ ingestorUrl }: Pipeline) => metricOf(ingestorUrl, 'log_queue_entries'),
    deadIds: async () => deadIdsIn(queue),
    trialsUnderLoad: async (hands) => [await fullDisk(disk, hands)],
    trialsAtRest: async (hands) => [
      await tornTails(hands, tails),
      await flippedBatch(hands),
      await flippedCursor(hands),
    ],
    async remove() {
      if (typeof disk !== 'string') await disk.unmount();
    },
  };
}

async function fullDisk(disk: SmallDisk | string, hands: ChaosHands): Promise<Trial> {
  const what = 'disk of the queue full';
  if (typeof disk === 'string') return { what, figure: `not done: ${disk}`, outcome: 'not done' };
  hands.say('The disk of the queue is full to the last byte');
  const { refused, acknowledged } = hands.load.figures;
  disk.fill();
  await hands.pause(fullDiskMs);
  const gateway = hands.pipeline.processes['log-gateway'];
  await gateway.end('SIGKILL');
  const refusals = hands.load.figures.refused - refused;
  const taken = hands.load.figures.acknowledged - acknowledged;
  disk.empty();
  await gateway.start();
  return {
    what,
    figure: `${fullDiskMs / 1000} s, ${refusals} requests refused and ${taken} acknowledged in them`,
    outcome: refusals > 0 ? 'good' : 'bad',
  };
}
