import type { Admin } from '@platformatic/kafka';

interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next message; absent while the partition has no leader. */
  readonly end: bigint | undefined;
  readonly isUnderReplicated: boolean;
}

interface Commit {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** What the brokers say, of all topics but Kafka's own. */
export interface KafkaState {
  readonly brokers: number;
  readonly partitions: readonly PartitionState[];
  /** Of every group that has committed something, with or without a live member. */
  readonly commits: readonly Commit[];
}

/** Kafka gives -1 for a partition of which a group has committed nothing. */
const leastOffset = 0n;
/** Asks for the end of a partition in place of an offset at a time. */
const latest = -1n;

/**
 * Asks the brokers. What was committed is read before the ends, so that a group is never ahead of its topic.
 * @throws Error of the client when a broker does not answer or refuses
 */
export async function readKafka(admin: Admin): Promise<KafkaState> {
  const commits = await readCommits(admin);
  const names = await admin.listTopics({ includeInternals: false });
  const { brokers, topics } = await admin.metadata({ topics: names, forceUpdate: true });
  const known = [...topics].flatMap(([topic, { partitions }]) =>
    partitions.map((metadata, partition) => ({ topic, partition, ...metadata })),
  );
  const ends = await readEnds(
    admin,
    known.filter(({ leader }) => leader >= 0),
  );
  return {
    brokers: brokers.size,
    partitions: known.map(({ topic, partition, replicas, isr }) => ({
      topic,
      partition,
      end: ends.get(keyOf(topic, partition)),
      isUnderReplicated: isr.length < replicas.length,
    })),
    commits,
  };
}

export const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

async function readCommits(admin: Admin): Promise<readonly Commit[]> {
  const groups = [...(await admin.listGroups()).values()].filter(isConsumerGroup).map(({ id }) => id);
  if (groups.length === 0) return [];
  const found = await admin.listConsumerGroupOffsets({ groups });
  return found.flatMap(({ groupId: group, topics }) =>
    topics.flatMap(({ name: topic, partitions }) =>
      partitions
        .filter(({ committedOffset }) => committedOffset >= leastOffset)
        .map(({ partitionIndex: partition, committedOffset: offset }) => ({
          group,
          topic,
          partition,
          offset,
        })),
    ),
  );
}

/** Groups that commit without ever joining have no protocol; Connect's workers and share groups commit nothing. */
const isConsumerGroup = ({
  protocolType,
  groupType,
}: {
  protocolType: string;
  groupType?: string;
}): boolean => (protocolType === 'consumer' || protocolType === '') && groupType?.toLowerCase() !== 'share';

async function readEnds(
  admin: Admin,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): Promise<ReadonlyMap<string, bigint>> {
  if (partitions.length === 0) return new Map();
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  const listed = await admin.listOffsets({
    topics: [...byTopic].map(([name, ofTopic]) => ({
      name,
      partitions: ofTopic.map(({ partition }) => ({ partitionIndex: partition, timestamp: latest })),
    })),
  });
  return new Map(
    listed.flatMap(({ name, partitions: ofTopic }) =>
      ofTopic.map(({ partitionIndex, offset }) => [keyOf(name, partitionIndex), offset] as const),
    ),
  );
}
