import { Admin, type BaseOptions, ConfigResourceTypes } from '@platformatic/kafka';

/** Bytes of the largest record: an entry of the largest message, each of its characters escaped. */
const maxRecordBytes = 4_000_000;

export interface WantedTopics {
  readonly topics: readonly string[];
  /** Of a topic that is made because it is missing. */
  readonly partitions: number;
  /** Of a topic that is made; as many as there are brokers, at most three, unless given. */
  readonly replicas: number | undefined;
}

/** How safe what a topic takes is, as its brokers say. */
export interface TopicFacts {
  readonly partitions: number;
  readonly replicas: number;
  /** So many replicas at least have what is acknowledged. */
  readonly minInsyncReplicas: number;
  /** Bytes of the largest batch of records that it takes. */
  readonly maxMessageBytes: number;
}

/** Loki takes nothing that is older than a week, so nobody misses it after. */
const retentionMs = 7 * 86_400_000;
const usualReplicas = 3;
const usualInsync = 2;
const read = ['min.insync.replicas', 'max.message.bytes'] as const;

/**
 * Makes what is missing of the topics, and reads what the others are like.
 * @throws Error of the client when no broker answers, or one refuses
 */
export async function prepareTopics(
  connection: BaseOptions,
  { topics, partitions, replicas }: WantedTopics,
): Promise<ReadonlyMap<string, TopicFacts>> {
  const admin = new Admin({ ...connection, retries: 1 });
  try {
    const known = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !known.has(topic));
    if (missing.length > 0) {
      const { brokers } = await admin.metadata({ topics: [] });
      await makeTopics(admin, missing, partitions, replicas ?? Math.min(usualReplicas, brokers.size));
    }
    return await factsOf(admin, topics);
  } finally {
    await admin.close();
  }
}

async function makeTopics(
  admin: Admin,
  topics: readonly string[],
  partitions: number,
  replicas: number,
): Promise<void> {
  const configs = [
    { name: 'max.message.bytes', value: String(maxRecordBytes + 500_000) },
    // A broker deletes what nobody has read like everything else.
    { name: 'retention.ms', value: String(retentionMs) },
    // A broker acknowledges what is in its memory: where no other has it too, only a sync makes it durable.
    replicas < 2
      ? { name: 'flush.messages', value: '1' }
      : { name: 'min.insync.replicas', value: String(Math.ceil(replicas / 2)) },
  ];
  try {
    await admin.createTopics({ topics: [...topics], partitions, replicas, configs });
  } catch (error) {
    // Another process of the pipeline was faster.
    if (!String(error instanceof AggregateError ? error.errors : error).includes('already exists'))
      throw error;
  }
}

async function factsOf(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, TopicFacts>> {
  const { topics: found } = await admin.metadata({ topics: [...topics], forceUpdate: true });
  const described = await admin.describeConfigs({
    resources: topics.map((resourceName) => ({
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName,
      configurationKeys: [...read],
    })),
  });
  return new Map(
    topics.map((topic) => {
      const { partitions = [] } = found.get(topic) ?? {};
      const configs = described.find(({ resourceName }) => resourceName === topic)?.configs ?? [];
      const [minInsyncReplicas = 1, maxMessageBytes = 0] = read.map((name) =>
        Number(configs.find((config) => config.name === name)?.value),
      );
      const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
      return [topic, { partitions: partitions.length, replicas, minInsyncReplicas, maxMessageBytes }];
    }),
  );
}

/** Of three, or of two that must have what is acknowledged: with fewer, it may be lost with one broker. */
export const missingReplicas = ({ replicas, minInsyncReplicas }: TopicFacts): number =>
  Math.max(0, usualReplicas - replicas, usualInsync - minInsyncReplicas);

/** The same in words; undefined where none is missing. */
export function weaknessOf({ replicas, minInsyncReplicas }: TopicFacts): string | undefined {
  const wrong = [
    ...(replicas < usualReplicas ? [`it has ${replicas} of ${usualReplicas} replicas`] : []),
    ...(minInsyncReplicas < usualInsync
      ? [`min.insync.replicas is ${minInsyncReplicas}, not ${usualInsync}`]
      : []),
  ];
  return wrong.length === 0 ? undefined : wrong.join(', and ');
}
