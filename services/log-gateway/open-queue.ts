import type { ProcessContext } from '../pipeline/frame.ts';
import { openEmbeddedQueue } from '../pipeline/queue/embedded/embedded-queue.ts';
import { connectionOf } from '../pipeline/queue/kafka/connection.ts';
import { KafkaQueue } from '../pipeline/queue/kafka/kafka-queue.ts';
import { missingReplicas, weaknessOf } from '../pipeline/queue/kafka/topics.ts';
import type { LogQueue } from '../pipeline/queue/log-queue.ts';

/** The queue in Kafka where there are brokers, and the embedded one elsewhere. */
export async function openQueue({
  config,
  instrumentation,
}: ProcessContext<'log-gateway'>): Promise<LogQueue> {
  const log = instrumentation.logger('queue');
  const missing = instrumentation.metrics.gauge('log_queue_missing_replicas');
  missing.set(0);
  const { kafka } = config;
  if (kafka.brokers.length > 0) {
    return new KafkaQueue({
      connection: connectionOf(kafka, 'log-gateway'),
      topic: kafka.queueTopic,
      wanted: { topics: [kafka.queueTopic], partitions: kafka.partitions, replicas: kafka.replicas },
      budgetMs: kafka.acknowledgeWithinSeconds * 1000,
      onReady(facts) {
        missing.set(missingReplicas(facts));
        log.info('Kafka takes what is queued', { topic: kafka.queueTopic, ...facts });
        const reason = weaknessOf(facts);
        if (reason === undefined) return;
        log.warning('What is acknowledged may be lost with one broker', { topic: kafka.queueTopic, reason });
      },
      onTrouble: (reason) => log.error('Kafka does not take what is queued; trying again', { reason }),
    });
  }
  return openEmbeddedQueue({
    ...config.queue,
    onTrouble: (reason) =>
      log.error('What is stored cannot be cleared from the queue; trying again', { reason }),
    onFailure(error) {
      log.critical('The queue failed; the gateway ends, to open it anew', { error });
      process.exit(1);
    },
  });
}
