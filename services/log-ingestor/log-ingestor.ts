import { DeadLetters } from '../pipeline/dead-letters/dead-letters.ts';
import { deadLetterRoutes } from '../pipeline/dead-letters/routes.ts';
import type { BuildProcess, ProcessContext } from '../pipeline/frame.ts';
import { createPushClient } from '../pipeline/loki/push-client.ts';
import { StreamLabels } from '../pipeline/loki/stream-labels.ts';
import { hasSearchIndex, removeSearchIndex } from '../pipeline/search-index/index-file.ts';
import { SearchIndex } from '../pipeline/search-index/index-writer.ts';
import { Ingestor, type IngestorParts } from './ingestor.ts';
import { ingestorMetrics } from './ingestor-metrics.ts';
import { openConsumer } from './open-consumer.ts';

/** Of the 25 seconds that a process has to end. */
const stopDeadlineMs = 20_000;
const gaugesEveryMs = 1000;
const tidyEveryMs = 1000;
const retries = { maxRetries: 3, firstDelayMs: 250, maxDelayMs: 10_000 } as const;

/** Brings what the gateway queued to Loki. */
export const buildLogIngestor: BuildProcess<'log-ingestor'> = (context) => {
  const { config, instrumentation } = context;
  const log = instrumentation.logger('ingestor');
  const record = ingestorMetrics(instrumentation.metrics);
  const index = openIndex(context);
  const parts = { ...openParts(context, record), index };
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
  let tidying: NodeJS.Timeout | undefined;
  return {
    routes: deadLetterRoutes(parts.deadLetters),
    start() {
      ingestor.start();
      tidying = setInterval(() => index?.tidy(), tidyEveryMs);
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
      clearInterval(tidying);
      await parts.client.close();
      await parts.consumer.close();
      parts.deadLetters.close();
      index?.close();
    },
  };
};

/** A new one begins with what nobody can have sent yet: lines that are in Loki already are none of its. */
function openIndex({ config, instrumentation }: ProcessContext<'log-ingestor'>): SearchIndex | undefined {
  const { directory } = config.queue;
  if (!hasSearchIndex(config)) {
    removeSearchIndex(directory);
    return undefined;
  }
  const log = instrumentation.logger('search-index');
  return new SearchIndex({
    directory,
    keepHours: config.limits.searchRangeHours,
    fromMs: Date.now() + config.limits.maxAheadSeconds * 1000,
    settleMs: 120_000,
    onTrouble: (error) => log.error('The search index cannot be used; searches go without it', { error }),
  });
}

function openParts(
  context: ProcessContext<'log-ingestor'>,
  record: ReturnType<typeof ingestorMetrics>,
): Omit<IngestorParts, 'index'> {
  const { config } = context;
  const { directory } = config.queue;
  const { labels, labelTags, maxStreamsPerService, maxServicesPerOrganization, maxDeadLetters } =
    config.ingestor;
  return {
    ...openConsumer(context, record),
    client: createPushClient({
      ...config.loki,
      timeoutMs: config.loki.timeoutSeconds * 1000,
      trace: () => context.instrumentation.trace.inject(),
    }),
    trace: context.instrumentation.trace,
    streams: new StreamLabels({
      labels,
      allowed: labelTags,
      maxStreams: maxStreamsPerService,
      maxServices: maxServicesPerOrganization,
      onOverflow: record.overflow,
      onServiceOverflow: record.serviceOverflow,
    }),
    deadLetters: new DeadLetters(directory, maxDeadLetters),
  };
}
