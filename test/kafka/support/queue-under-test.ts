import { randomUUID } from 'node:crypto';
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

/** A queue in a topic of its own. @param troubles is told whatever goes wrong meanwhile */
export function queueUnderTest(
  bootstrap: string,
  partitions: number,
  troubles: string[] = [],
): KafkaQueueUnderTest {
  const topic = `queue-${randomUUID()}`;
  const connection = { clientId: 'test', bootstrapBrokers: [bootstrap] };
  return {
    topic,
    async openQueue() {
      const queue = new KafkaQueue({
        ...{ connection, topic, budgetMs: 60_000 },
        wanted: { topics: [topic], partitions, replicas: undefined },
        onTrouble: (reason) => troubles.push(reason),
      });
      await vi.waitFor(() => expect(queue.state().refusal).toBeUndefined(), { timeout: 60_000 });
      return queue;
    },
    async openConsumer() {
      return new KafkaConsumer({
        ...{ connection, group: `group-of-${topic}` },
        wanted: { topics: [topic], partitions, replicas: undefined },
        onExpired: (_, partition, records) => troubles.push(`${records} of ${partition} expired`),
        onTrouble: (reason) => troubles.push(String(reason)),
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
