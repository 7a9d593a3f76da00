import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { deadIdsIn } from '../../cli/chaos/dead-ids.ts';
import { readLedger } from '../../cli/chaos/ledger.ts';
import { LogLoad } from '../../cli/chaos/log-load.ts';
import { makePipeline } from '../../cli/chaos/pipeline-processes.ts';
import { temporaryDirectory } from '../../services/kit/testing/temporary-directory.ts';
import { toolPath } from '../support/tools.ts';

const patience = { timeout: 120_000, interval: 200 };

it('gateway and ingestor end on SIGTERM under load with 0, and nothing is lost or stored twice', {
  retry: 0,
  timeout: 300_000,
}, async () => {
  const started = Date.now();
  const directory = temporaryDirectory();
  const queueDirectory = join(directory, 'queue');
  const pipeline = await makePipeline({ loki: await toolPath('loki'), directory, queueDirectory });
  const { processes } = pipeline;
  const load = new LogLoad(pipeline);
  onTestFinished(async () => {
    await load.stop();
    await Promise.all(Object.values(processes).map((process) => process.end('SIGKILL')));
  });
  for (const name of ['loki', 'log-ingestor', 'log-gateway'] as const) await processes[name].start();
  load.start(4, 20);
  for (const name of ['log-gateway', 'log-ingestor', 'log-gateway', 'log-ingestor'] as const) {
    const before = load.figures.acknowledged;
    await vi.waitFor(() => expect(load.figures.acknowledged).toBeGreaterThan(before + 20), patience);
    expect(await processes[name].end('SIGTERM'), `${name}: ${processes[name].output.slice(-1000)}`).toBe(0);
    await processes[name].start();
  }
  await load.stop();
  expect(load.figures.falseAcks).toBe(0);
  // By what is stored, not by the queue's gauge: that is a second old, and may be of before the last batch.
  const ledger = await vi.waitFor(async () => {
    const dead = deadIdsIn(queueDirectory);
    const now = await readLedger(pipeline, load.acknowledged, dead, started - 60_000);
    expect(now.lost).toEqual([]);
    return now;
  }, patience);
  expect(ledger).toMatchObject({ duplicates: 0, deadLetters: 0 });
  expect(ledger.acknowledged).toBeGreaterThan(1000);
});
