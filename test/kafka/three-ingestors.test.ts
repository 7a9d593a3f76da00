import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { kafkaChaos } from '../../cli/chaos/kafka/kafka-chaos.ts';
import { readLedger } from '../../cli/chaos/ledger.ts';
import { LogLoad } from '../../cli/chaos/log-load.ts';
import { makePipeline, metricOf } from '../../cli/chaos/pipeline-processes.ts';
import { readPipelineConfig } from '../../services/pipeline/config/read-config.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

/** Of the queue's topic and the applications’. */
const partitions = 2 * readPipelineConfig({ env: {} }).kafka.partitions;
const patienceMs = 180_000;

test('three ingestors share the load, and the partitions of a killed one move to the others', async () => {
  const started = Date.now();
  const directory = mkdtempSync(join(tmpdir(), 'sightline-ingestors-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const queue = await kafkaChaos(await toolPath('kafka'), directory);
  const { env, ingestors, directory: queueDirectory } = queue;
  const loki = await toolPath('loki');
  const pipeline = await makePipeline({ loki, directory, queueDirectory, ingestors, env });
  const { processes, moreIngestors, ingestorUrl } = pipeline;
  const [broker] = queue.brokers;
  const all = [processes.loki, broker?.process, processes['log-ingestor']]
    .concat(moreIngestors.map(({ process }) => process))
    .concat(processes['log-gateway']);
  const load = new LogLoad(pipeline);
  onTestFinished(async () => {
    await Promise.all([load.stop(), queue.remove()]);
    await Promise.all(all.map((process) => process?.end('SIGKILL')));
  });
  for (const process of all) await process?.start();

  const urls = [ingestorUrl, ...moreIngestors.map(({ url }) => url)];
  const figures = (name: string, of = urls) => Promise.all(of.map((url) => metricOf(url, name)));
  const shares = (of: readonly string[]) => figures('log_queue_partitions', [...of]);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

  await waitFor(
    'each ingestor to have a share of the partitions',
    async () => {
      const found = await shares(urls);
      return sum(found) === partitions && Math.max(...found) - Math.min(...found) <= 1 ? found : undefined;
    },
    patienceMs,
  );
  const before = await shares(urls);
  load.start(4, 20);
  const stored = await waitFor(
    'each ingestor to store entries',
    async () => {
      const found = await figures('log_events_processed_total');
      return Math.min(...found) > 100 ? found : undefined;
    },
    patienceMs,
  );

  const [second] = moreIngestors;
  const killedAt = Date.now();
  await second?.process.end('SIGKILL');
  const left = urls.filter((url) => url !== second?.url);
  await waitFor(
    'the others to have its partitions',
    async () => {
      return sum(await shares(left)) === partitions ? true : undefined;
    },
    patienceMs,
  );
  const movedAfter = Date.now() - killedAt;
  const after = await shares(left);

  await load.stop();
  // The application of the chaos stops, too.
  await queue.remove();
  await waitFor(
    'everything to be stored',
    async () => {
      return (await queue.waiting(pipeline)) === 0 ? true : undefined;
    },
    patienceMs,
  );
  const ledger = await readLedger(pipeline, load.acknowledged, await queue.deadIds(), started - 60_000);
  console.info(
    `partitions ${before.join(' + ')} of ${partitions}; entries stored ${stored.join(' + ')}; ` +
      `after the kill of one ${after.join(' + ')} within ${(movedAfter / 1000).toFixed(1)} s; ` +
      `${ledger.acknowledged} acknowledged, ${ledger.lost.length} lost, ${ledger.duplicates} duplicates`,
  );
  expect(ledger.acknowledged).toBeGreaterThan(300);
  expect(ledger.lost).toEqual([]);
}, 600_000);
