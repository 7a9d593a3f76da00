import { Router } from 'express';
import { DeadLetters } from '../pipeline/dead-letters/dead-letters.ts';
import type { BuildProcess, ProcessContext } from '../pipeline/frame.ts';
import { createPushClient } from '../pipeline/loki/push-client.ts';
import { StreamLabels } from '../pipeline/loki/stream-labels.ts';
import { Ingestor, type IngestorParts } from './ingestor.ts';
import { ingestorMetrics } from './ingestor-metrics.ts';
import { openConsumer } from './open-consumer.ts';

/** Of the 25 seconds that a process has to end. */
const stopDeadlineMs = 20_000;
const gaugesEveryMs = 1000;
const retries = { maxRetries: 3, firstDelayMs: 250, maxDelayMs: 10_000 } as const;

/** Brings what the gateway queued to Loki. */
export const buildLogIngestor: BuildProcess<'log-ingestor'> = (context) => {
  const { config, instrumentation } = context;
  const log = instrumentation.logger('ingestor');
  const record = ingestorMetrics(instrumentation.metrics);
  const parts = openParts(context, record);
  const { batchEntries, batchWaitSeconds, maxPushBytes } = config.ingestor;
  const ingestor = new Ingestor(parts, {
    ...retries,
    batchEntries,
    batchWaitMs: batchWaitSeconds * 1000,
    maxPushBytes,
    onRetry: (reason) => {
      record.retry();
      log.warning('Loki did not take a push', { reason });
    },
    onBreaker: (isOpen, reason) => {
      if (isOpen) log.error('Loki takes nothing; entries wait in the queue', { reason });
      else log.info('Loki takes entries again');
    },
    onPushed: record.pushed,
    onStuck: (error) => log.error('The queue or the dead letters cannot be used; trying again', { error }),
  });
  instrumentation.health.register('loki', () => {
    if (ingestor.paused > 0) throw new Error('Loki takes nothing');
  });
  instrumentation.health.register('queue', async () => void (await parts.consumer.state()));
  let gauges: NodeJS.Timeout | undefined;
  return {
    routes: Router(),
    start() {
      ingestor.start();
      gauges = setInterval(() => {
        parts.consumer
          .state()
          .then((state) => record.waiting(state, ingestor.paused, parts.deadLetters.count()))
          .catch((error: unknown) => log.error('The state of the queue cannot be read', { error }));
      }, gaugesEveryMs);
    },
    quiesce: () => ingestor.stop(stopDeadlineMs),
    async close() {
      clearInterval(gauges);
      await parts.client.close();
      await parts.consumer.close();
      parts.deadLetters.close();
    },
  };
};

function openParts(
  context: ProcessContext<'log-ingestor'>,
  record: ReturnType<typeof ingestorMetrics>,
): IngestorParts {
  const { config } = context;
  const { directory } = config.queue;
  const { labels, labelTags, maxStreamsPerService, maxDeadLetters } = config.ingestor;
  return {
    consumer: openConsumer(context, record),
    client: createPushClient({ url: config.loki.url, timeoutMs: config.loki.timeoutSeconds * 1000 }),
    streams: new StreamLabels({
      labels,
      allowed: labelTags,
      maxStreams: maxStreamsPerService,
      onOverflow: record.overflow,
    }),
    deadLetters: new DeadLetters(directory, maxDeadLetters),
  };
}
