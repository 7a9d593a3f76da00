import { z } from 'zod';
import { address, type Complaint, host, namespace, volume, wholeNumber, yesOrNo } from './forms.ts';

/** Partitions that a topic may have: as many ingestors can share it. */
const maxPartitions = 200;

const instances = (what: string) => ({
  replicas: wholeNumber(1, 50, `Instances of the ${what}; more than one need the queue in Kafka`),
});

export const logPipelineSchema = z.strictObject({
  queue: z
    .enum(['embedded', 'kafka'])
    .describe(
      'Where lines wait that the gateway has acknowledged: on a volume that the gateway and one ingestor share, or in kubernetes.kafka. Change it when the queue is empty: nothing is carried over',
    ),
  volume: volume.optional().meta({
    description: 'Disk of the embedded queue, and of its dead letters',
    allowed: 'a size such as 10Gi; with queue: embedded, and only then',
  }),
  partitions: wholeNumber(
    1,
    maxPartitions,
    'Partitions of topics that are not there yet, with queue: kafka; no more ingestors can share a topic',
  ).optional(),
  organizations: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/))
    .min(1)
    .max(100)
    .optional()
    .meta({
      description:
        'Whose entries applications may write to the topic `logs` themselves, with queue: kafka; whoever may write there may write for each of them',
      allowed: 'a list of organizations: letters, digits, dots, hyphens and underscores',
    }),
  host: host.optional().describe('Host name of the gateway outside; within the cluster alone when left out'),
  gateway: z
    .strictObject({
      ...instances('gateway'),
      maxReplicas: wholeNumber(
        2,
        50,
        'Instances at most: between `replicas` and this many as their CPU asks for. Without it there are always `replicas`',
      ).optional(),
    })
    .describe('How the gateway runs'),
  ingestor: z
    .strictObject({
      ...instances('ingestor'),
      maxReplicas: wholeNumber(
        2,
        maxPartitions,
        'Instances at most: between `replicas` and this many as the lag of their consumer group asks for. Without it there are always `replicas`',
      ).optional(),
      lag: wholeNumber(
        1,
        10_000_000,
        'Records that may wait for each ingestor before another comes; with maxReplicas',
      ).optional(),
      adapter: namespace
        .optional()
        .describe(
          'Namespace of what answers the autoscaler from Prometheus, and may then ask it; with maxReplicas (docs/how-to/scale-the-log-pipeline.md)',
        ),
    })
    .describe('How the ingestor runs'),
  redis: z
    .strictObject({
      address: address.describe('Where Redis listens; its password is the secret LOG_REDIS_PASSWORD'),
      tls: yesOrNo('Whether it speaks TLS; its certificate is verified against its name'),
    })
    .optional()
    .describe(
      'Counts requests of a key, and keeps answers, for all gateways together; needed where there is more than one',
    ),
});

export type LogPipelineKeys = z.infer<typeof logPipelineSchema>;

/** Whether a part may ever have more than one instance. */
export const isSeveral = (part: {
  readonly replicas: number;
  readonly maxReplicas?: number | undefined;
}): boolean => part.replicas > 1 || part.maxReplicas !== undefined;

/** What may not be combined, by path below `kubernetes.logPipeline`. */
export function logPipelineComplaints(keys: LogPipelineKeys): readonly Complaint[] {
  const found: readonly (Complaint | false | undefined)[] =
    keys.queue === 'embedded' ? ofEmbedded(keys) : ofKafka(keys);
  return found.filter((each): each is Complaint => typeof each === 'object');
}

function ofEmbedded({ volume: disk, partitions, organizations, gateway, ingestor, redis }: LogPipelineKeys) {
  const one = (part: 'gateway' | 'ingestor', key: 'replicas' | 'maxReplicas', input: unknown) => ({
    path: [part, key],
    input,
    allowed: `${key === 'replicas' ? '1' : 'nothing'}, or queue: kafka: the embedded queue is of one gateway and one ingestor`,
  });
  return [
    disk === undefined && {
      path: ['volume'],
      input: disk,
      allowed: 'a size such as 10Gi, for the embedded queue',
    },
    gateway.replicas > 1 && one('gateway', 'replicas', gateway.replicas),
    gateway.maxReplicas !== undefined && one('gateway', 'maxReplicas', gateway.maxReplicas),
    ingestor.replicas > 1 && one('ingestor', 'replicas', ingestor.replicas),
    ingestor.maxReplicas !== undefined && one('ingestor', 'maxReplicas', ingestor.maxReplicas),
    ...(['lag', 'adapter'] as const).map(
      (key) =>
        ingestor[key] !== undefined && {
          path: ['ingestor', key],
          input: ingestor[key],
          allowed: 'nothing without ingestor.maxReplicas',
        },
    ),
    partitions !== undefined && {
      path: ['partitions'],
      input: partitions,
      allowed: 'nothing, or queue: kafka: the embedded queue has none',
    },
    organizations && {
      path: ['organizations'],
      input: organizations,
      allowed: 'nothing, or queue: kafka: there is no topic to write to',
    },
    redis && {
      path: ['redis'],
      input: redis.address,
      allowed: 'nothing: one gateway counts and keeps by itself',
    },
  ];
}

function ofKafka({ volume: disk, partitions, gateway, ingestor, redis }: LogPipelineKeys) {
  const most = ingestor.maxReplicas ?? ingestor.replicas;
  return [
    disk !== undefined && {
      path: ['volume'],
      input: disk,
      allowed: 'nothing, or queue: embedded: lines wait on the disks of the brokers',
    },
    partitions === undefined && {
      path: ['partitions'],
      input: partitions,
      allowed: 'a whole number: as many ingestors can share a topic',
    },
    partitions !== undefined &&
      most > partitions && {
        path: ['ingestor', ingestor.maxReplicas === undefined ? 'replicas' : 'maxReplicas'],
        input: most,
        allowed: `at most ${partitions}, the partitions of a topic: one more would have nothing to do`,
      },
    ...(['gateway', 'ingestor'] as const).map((part) => {
      const { replicas, maxReplicas } = part === 'gateway' ? gateway : ingestor;
      return (
        maxReplicas !== undefined &&
        maxReplicas <= replicas && {
          path: [part, 'maxReplicas'],
          input: maxReplicas,
          allowed: `more than kubernetes.logPipeline.${part}.replicas`,
        }
      );
    }),
    ...(['lag', 'adapter'] as const).map(
      (key) =>
        (ingestor[key] === undefined) !== (ingestor.maxReplicas === undefined) && {
          path: ['ingestor', key],
          input: ingestor[key],
          allowed: `${key === 'lag' ? 'a whole number' : 'a namespace'} with ingestor.maxReplicas, and nothing without it`,
        },
    ),
    isSeveral(gateway) &&
      !redis && {
        path: ['redis'],
        input: redis,
        allowed: 'its address: each of several gateways would count requests for itself',
      },
  ];
}
