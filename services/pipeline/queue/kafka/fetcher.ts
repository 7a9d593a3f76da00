import { type BaseOptions, Consumer, FetchIsolationLevels, type KafkaRecord } from '@platformatic/kafka';
import type { Position } from './position.ts';

/** A record with where it lies, and when it was produced in milliseconds since the epoch. */
export interface Fetched {
  readonly position: Position;
  readonly record: Pick<KafkaRecord, 'key' | 'value' | 'headers'>;
  readonly at: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly Fetched[];
  /** Where to go on; behind control records, too. */
  readonly next: bigint;
}

export interface FetchLimits {
  /** Bytes of one answer, and of one partition in it. At least one batch of records comes whatever its size. */
  readonly maxBytes: number;
  readonly maxPartitionBytes: number;
  /** Bytes that the broker waits for before it answers: what a fetch costs is the same for one record and for hundreds. */
  readonly minBytes: number;
  /** Milliseconds that the broker waits at most. */
  readonly maxWaitMs: number;
}

const retries = 1;
const retryDelay = 200;

/** Reads partitions from given offsets. Connections of its own: a fetch that waits must hold up no heartbeat. */
export class Fetcher {
  readonly #client: Consumer;
  readonly #limits: FetchLimits;

  constructor(connection: BaseOptions, group: string, topics: readonly string[], limits: FetchLimits) {
    this.#limits = limits;
    this.#client = new Consumer({ ...connection, groupId: group, retries, retryDelay });
    for (const topic of topics) this.#client.topics.track(topic);
  }

  /** The records from each position on, of all brokers that have some. */
  async fetch(positions: readonly Position[]): Promise<readonly FetchedPartition[]> {
    const { topics } = await this.#client.metadata({ topics: this.#client.topics.current });
    const byLeader = Map.groupBy(
      positions,
      ({ topic, partition }) => topics.get(topic)?.partitions[partition]?.leader ?? -1,
    );
    const ids = new Map([...topics].map(([topic, { id }]) => [id, topic]));
    const answers = await Promise.all(
      [...byLeader]
        .filter(([leader]) => leader >= 0)
        .map(([leader, wanted]) =>
          this.#client.fetch({
            node: leader,
            minBytes: this.#limits.minBytes,
            maxBytes: this.#limits.maxBytes,
            maxWaitTime: this.#limits.maxWaitMs,
            // With READ_COMMITTED the client drops aborted records and then cannot tell how far it has read.
            isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
            topics: wanted.map(({ topic, partition, offset }) => ({
              topicId: topics.get(topic)?.id ?? '',
              partitions: [
                {
                  ...{ partition, fetchOffset: offset, currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
                  partitionMaxBytes: this.#limits.maxPartitionBytes,
                },
              ],
            })),
          }),
        ),
    );
    const wanted = new Map(positions.map((one) => [`${one.topic}/${one.partition}`, one.offset]));
    return answers.flatMap(({ responses }) =>
      responses.flatMap(({ topicId, partitions }) => {
        const topic = ids.get(topicId) ?? '';
        return partitions.flatMap(({ partitionIndex: partition, records }) => {
          const from = wanted.get(`${topic}/${partition}`);
          if (from === undefined || records === null || records === undefined) return [];
          return [fetchedPartition(topic, partition, from, records)];
        });
      }),
    );
  }

  /** The offset that each partition's next record gets, or its first that is kept. */
  async offsets(
    topic: string,
    partitions: readonly number[],
    which: 'earliest' | 'latest',
  ): Promise<ReadonlyMap<number, bigint>> {
    const found = await this.#client.listOffsets({
      topics: [topic],
      partitions: { [topic]: [...partitions] },
      timestamp: which === 'earliest' ? -2n : -1n,
    });
    return new Map(partitions.map((partition) => [partition, found.get(topic)?.[partition] ?? 0n]));
  }

  async close(): Promise<void> {
    await this.#client.close(true);
  }
}

type Records = NonNullable<
  Awaited<ReturnType<Consumer['fetch']>>['responses'][number]['partitions'][number]['records']
>;

/** Bit 5 of a batch of records: it is one of the broker's own. */
const isControl = 0b10_0000;

function fetchedPartition(
  topic: string,
  partition: number,
  from: bigint,
  batches: Records,
): FetchedPartition {
  const last = batches.at(-1);
  const records = batches
    .filter(({ attributes }) => (attributes & isControl) === 0)
    .flatMap(({ firstOffset, firstTimestamp, records: all }) =>
      all.map((record) => ({
        position: { topic, partition, offset: firstOffset + BigInt(record.offsetDelta) },
        record,
        at: Number(firstTimestamp + record.timestampDelta),
      })),
    )
    .filter(({ position }) => position.offset >= from);
  return {
    ...{ topic, partition, records },
    next: last === undefined ? from : last.firstOffset + BigInt(last.lastOffsetDelta) + 1n,
  };
}
