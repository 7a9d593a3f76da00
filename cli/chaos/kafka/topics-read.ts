import { KafkaReader } from '../../../services/kafka-exporter/kafka-reader.ts';
import { Fetcher } from '../../../services/pipeline/queue/kafka/fetcher.ts';
import { headerTexts } from '../../../services/pipeline/queue/kafka/record.ts';

const lookMs = 10_000;
const group = 'log-ingestor';
const deadTopic = 'logs.dead';

const connectionOf = (bootstrap: string) => ({ clientId: 'chaos', bootstrapBrokers: [bootstrap] });

/** Records that the ingestors have not committed. @throws Error when the broker does not say so in time */
export async function recordsLeft(bootstrap: string, topics: readonly string[]): Promise<number> {
  const reader = new KafkaReader(connectionOf(bootstrap), lookMs);
  try {
    const { partitions, commits } = await reader.read();
    const left = partitions
      .filter(({ topic }) => topics.includes(topic))
      .map(({ topic, partition, end = 0n }) => {
        const isOf = (one: (typeof commits)[number]) =>
          one.group === group && one.topic === topic && one.partition === partition;
        return Number(end - (commits.find(isOf)?.offset ?? 0n));
      });
    return left.reduce((sum, records) => sum + records, 0);
  } finally {
    await reader.close();
  }
}

/** Where the records lay that are among the dead letters, as partition/offset. */
export async function deadRecords(bootstrap: string, partitions: number): Promise<ReadonlySet<string>> {
  const limits = { maxBytes: 4_000_000, maxPartitionBytes: 1_000_000, minBytes: 1, maxWaitMs: 100 };
  const fetcher = new Fetcher(connectionOf(bootstrap), 'chaos', [deadTopic], limits);
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const found = new Set<string>();
  try {
    const ends = await fetcher.offsets(deadTopic, numbers, 'latest');
    for (const partition of numbers) {
      for (let offset = 0n; offset < (ends.get(partition) ?? 0n); ) {
        const [fetched] = await fetcher.fetch([{ topic: deadTopic, partition, offset }]);
        if (fetched === undefined) continue;
        for (const { record } of fetched.records) {
          const texts = headerTexts(record);
          found.add(`${texts.get('dead-letter-partition')}/${texts.get('dead-letter-offset')}`);
        }
        offset = fetched.next;
      }
    }
    return found;
  } finally {
    await fetcher.close();
  }
}
