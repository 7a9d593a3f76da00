import { randomUUID } from 'node:crypto';
import type { BaseOptions } from '@platformatic/kafka';
import { expect, vi } from 'vitest';
import { KafkaConsumer } from '../../../services/pipeline/queue/kafka/kafka-consumer.ts';
import { KafkaQueue } from '../../../services/pipeline/queue/kafka/kafka-queue.ts';
import { batchOfRecord } from '../../../services/pipeline/queue/kafka/record.ts';
import type { LogQueue } from '../../../services/pipeline/queue/log-queue.ts';

export interface KafkaQueueUnderTest {
  readonly topic: string;
  openQueue(): Promise<LogQueue>;
  openConsumer(): Promise<KafkaConsumer>;
}

/** Its milliseconds until an append is refused, unless given. */
const usualBudgetMs = 60_000;

export const plainConnection = (bootstrap: string): BaseOptions => ({
  clientId: 'test',
  bootstrapBrokers: [bootstrap],
});

/** A queue in a topic of its own. @param budgetMs how long an append waits for the broker */
export function queueUnderTest(connection: BaseOptions, budgetMs = usualBudgetMs): KafkaQueueUnderTest {
  const topic = `queue-${randomUUID()}`;
  const wanted = { topics: [topic], partitions: 1, replicas: undefined };
  return {
    topic,
    async openQueue() {
      const queue = new KafkaQueue({
        ...{ connection, topic, budgetMs, wanted },
      });
      await vi.waitFor(() => expect(queue.state().refusal).toBeUndefined(), { timeout: 60_000 });
      return queue;
    },
    async openConsumer() {
      return new KafkaConsumer({
        ...{ connection, group: `group-of-${topic}` },
        wanted,
        onExpired: (_, partition, records) => expect.unreachable(`${records} of ${partition} expired`),
        onTrouble: () => {},
        readers: new Map([
          [
            topic,
            ({ record }) => {
              const batch = batchOfRecord(record);
              if (typeof batch === 'string') throw new Error(batch);
              return [batch];
            },
          ],
        ]),
      });
    },
  };
}
