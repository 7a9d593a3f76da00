import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { ChaosHands, Trial } from '../chaos-queue.ts';
import { LogLoad } from '../log-load.ts';
import { storedLines } from '../stored-lines.ts';
import { cutLastFrame, damageLastFrame, framesOf, type WalFrames } from './wal-frames.ts';

const triesOfEach = 7;
/** Large enough that its writing takes a while. */
const messages = 50;
const messageBytes = 150_000;
const quietMs = 600;
const writingWithinMs = 10_000;

/**
 * Kills gateway and ingestor while a batch is written, and cuts or damages the last frame of it in SQLite's log. Nothing
 * else was sent, so the frame belongs to what nobody was told to be safe.
 */
export async function tornTails(hands: ChaosHands, wanted: number): Promise<Trial> {
  const acknowledged = new Set<string>();
  const marks: string[] = [];
  for (let tries = 0; marks.length < wanted && tries < wanted * triesOfEach; tries += 1) {
    const mark = `torn tail ${tries} `;
    const load = new LogLoad(hands.pipeline);
    if (await tear(hands, load, mark, marks.length % 2 === 0 ? cutLastFrame : damageLastFrame)) {
      marks.push(mark);
      hands.say(`torn tail ${marks.length} of ${wanted}`);
    }
    for (const id of load.acknowledged) acknowledged.add(id);
    for (const name of ['log-ingestor', 'log-gateway'] as const) await hands.pipeline.processes[name].start();
    // What was acknowledged before and after it must be there all the same.
    const after = new LogLoad(hands.pipeline);
    if (!(await after.sendOnce())) throw new Error('the gateway takes nothing after a torn tail');
    for (const id of after.acknowledged) acknowledged.add(id);
    await Promise.all([load.stop(), after.stop()]);
    await hands.drained();
  }
  const { lost } = await hands.ledgerOf(new Set([...acknowledged, ...hands.load.acknowledged]));
  const parts = await deliveredInPart(hands, marks);
  return {
    what: 'torn tails',
    figure: `${marks.length} of batches that were not acknowledged; ${lost.length} acknowledged entries lost, ${parts} batches delivered in part`,
    outcome: marks.length === wanted && lost.length + parts === 0 ? 'good' : 'bad',
  };
}

/** Whether there was something to tear. */
async function tear(
  hands: ChaosHands,
  load: LogLoad,
  mark: string,
  damage: (wal: string, frames: WalFrames) => void,
): Promise<boolean> {
  const { pipeline } = hands;
  const wal = join(pipeline.queueDirectory, 'queue.sqlite-wal');
  await quiet(wal, (ms) => hands.pause(ms));
  const before = framesOf(wal);
  const written = statSync(wal, { bigint: true }).mtimeNs;
  const answer = load.send(
    Array.from({ length: messages }, (_, index) => `${mark}${index} ${'x'.repeat(messageBytes)}`),
  );
  const deadline = Date.now() + writingWithinMs;
  while (statSync(wal, { bigint: true }).mtimeNs === written && Date.now() < deadline) await turn();
  await Promise.all(
    (['log-gateway', 'log-ingestor'] as const).map((name) => pipeline.processes[name].end('SIGKILL')),
  );
  if (await answer) return false;
  const now = framesOf(wal);
  const isNew = now.salt !== before.salt || now.count > before.count;
  if (isNew && now.count > 0) damage(wal, now);
  return isNew && now.count > 0;
}

/** Waits until what was stored is cleared from the queue, so that nothing else is written. */
async function quiet(wal: string, pause: ChaosHands['pause']): Promise<void> {
  for (let [last, since] = [0n, Date.now()]; Date.now() - since < quietMs; ) {
    const { mtimeNs } = statSync(wal, { bigint: true });
    if (mtimeNs !== last) [last, since] = [mtimeNs, Date.now()];
    await pause(50);
  }
}

async function deliveredInPart({ pipeline }: ChaosHands, marks: readonly string[]): Promise<number> {
  const counts = new Map(marks.map((mark) => [mark, 0]));
  const { loki, organization } = pipeline;
  for await (const { line } of storedLines(loki.url, organization, Date.now() - 3_600_000)) {
    const mark = marks.find((one) => line.includes(one));
    if (mark !== undefined) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 0 && count < messages).length;
}
