import type { NewDeadLetter } from '../pipeline/dead-letters/dead-letters.ts';
import type { ProcessContext } from '../pipeline/frame.ts';
import { openEmbeddedConsumer } from '../pipeline/queue/embedded/embedded-consumer.ts';
import { connectionOf, reasonOf } from '../pipeline/queue/kafka/connection.ts';
import { KafkaConsumer, type ReadRecord } from '../pipeline/queue/kafka/kafka-consumer.ts';
import { batchOfRecord } from '../pipeline/queue/kafka/record.ts';
import { Sender } from '../pipeline/queue/kafka/sender.ts';
import type { LogConsumer } from '../pipeline/queue/log-queue.ts';
import { deadEntry, deadLetters } from './direct/dead-letter-topic.ts';
import { readDirect } from './direct/direct-record.ts';
import type { ingestorMetrics } from './ingestor-metrics.ts';

type Context = ProcessContext<'log-ingestor'>;
type Recorder = ReturnType<typeof ingestorMetrics>;

export interface ReadingEnd {
  readonly consumer: LogConsumer;
  /** Writes dead letters to where they outlive this ingestor and its disk. */
  readonly copyDeadLetters?: (letters: readonly NewDeadLetter[]) => Promise<void>;
}

/** The reading end of the queue: Kafka's where there are brokers, and the embedded one's elsewhere. */
export function openConsumer(context: Context, record: Recorder): ReadingEnd {
  const { config, instrumentation } = context;
  if (config.kafka.brokers.length > 0) return openKafkaConsumer(context, record);
  const log = instrumentation.logger('ingestor');
  const consumer = openEmbeddedConsumer({
    directory: config.queue.directory,
    onDamage: ({ batch, reason }) => {
      record.damaged();
      log.critical('A batch of the queue is damaged and kept aside', { batch, reason });
    },
    onLostProgress: (reason) => {
      record.lostProgress();
      log.critical('The progress in the queue is damaged; what the queue has is read again', { reason });
    },
  });
  return { consumer };
}

function openKafkaConsumer({ config, instrumentation }: Context, record: Recorder): ReadingEnd {
  const { kafka, limits } = config;
  const log = instrumentation.logger('ingestor');
  const connection = connectionOf(kafka, 'log-ingestor');
  const sender = new Sender(connection, kafka.acknowledgeWithinSeconds * 1000);
  const options = { limits, organizations: kafka.organizations };
  /** Of the topic of dead letters; known before the first record is read. */
  let maxDeadBytes = 1_000_000;

  const readQueued: ReadRecord = async (fetched) => {
    const batch = batchOfRecord(fetched.record);
    if (typeof batch !== 'string') return [batch];
    const value = fetched.record.value ?? Buffer.alloc(0);
    await sender.send(deadLetters(kafka.deadLetterTopic, fetched, { reason: batch, value }, maxDeadBytes));
    record.damaged();
    const { topic, partition, offset } = fetched.position;
    log.critical('A batch of the queue is damaged and kept aside', {
      batch: `${topic}/${partition}/${offset}`,
      reason: batch,
    });
    return [];
  };
  const readFromApplications: ReadRecord = async (fetched) => {
    const { batches, refusals, entries } = readDirect(fetched, options, Date.now());
    const dead = refusals.flatMap((refusal) =>
      deadLetters(kafka.deadLetterTopic, fetched, refusal, maxDeadBytes),
    );
    if (dead.length > 0) await sender.send(dead);
    record.direct(entries, refusals.length);
    return batches;
  };

  const readers = new Map<string, ReadRecord>([[kafka.queueTopic, readQueued]]);
  if (kafka.organizations.length > 0) readers.set(kafka.topic, readFromApplications);
  const consumer = new KafkaConsumer({
    connection,
    group: kafka.group,
    readers,
    wanted: {
      topics: [...readers.keys(), kafka.deadLetterTopic],
      partitions: kafka.partitions,
      replicas: kafka.replicas,
    },
    onReady: (facts) => {
      maxDeadBytes = facts.get(kafka.deadLetterTopic)?.maxMessageBytes ?? maxDeadBytes;
    },
    onAssigned: (partitions) => {
      record.partitions(partitions);
      log.info('The partitions of this ingestor are others now', { partitions });
    },
    onExpired: (topic, partition, records) => {
      record.damaged();
      log.critical('Kafka deleted records before they were read; raise its retention', {
        ...{ topic, partition },
        records: String(records),
      });
    },
    onTrouble: (error) => log.error('Kafka cannot be read; trying again', { reason: reasonOf(error) }),
  });
  return {
    consumer: {
      read: (limit) => consumer.read(limit),
      commit: (batches) => consumer.commit(batches),
      state: () => consumer.state(),
      async close() {
        await consumer.close();
        await sender.close();
      },
    },
    copyDeadLetters: (letters) =>
      sender.send(letters.flatMap((letter) => deadEntry(kafka.deadLetterTopic, letter, maxDeadBytes))),
  };
}
