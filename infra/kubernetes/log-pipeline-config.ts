import type { z } from 'zod';
import type { configSchema } from '../../services/pipeline/config/schema.ts';
import { type PipelineServiceName, pipelineServices } from '../../telemetry/contract/pipeline.ts';
import { namespaces } from '../../telemetry/contract/services.ts';
import { type ClusterContext, inCluster } from './context.ts';
import { pushedTo, sourcesOf } from './existing.ts';

/** What config.yaml of the pipeline's processes may say. */
type Settings = z.input<typeof configSchema>;

/** The group in which ingestors share the topics; its lag says how many are needed. */
export const ingestorGroup = 'log-ingestor';

export const pipelineDataDir = '/data';
export const keysDir = '/etc/sightline/keys';
export const keysFile = 'api-keys.json';

/** Shares of the volume that the queue may fill, and that must stay free: the rest is for dead letters and logs of changes. */
const queueShare = 0.6;
const freeShare = 0.1;

export const pipelineUrl = (name: PipelineServiceName): string =>
  inCluster(name, pipelineServices[name].port, namespaces.services);

/** config.yaml of the gateway and the ingestor, without what a secret or an address of Kafka is. */
export function pipelineSettings(context: ClusterContext): Settings {
  const { stack, kubernetes } = context;
  const { cluster, environment } = stack.config;
  const { volume, partitions, organizations } = kubernetes.logPipeline;
  const { user } = kubernetes.existing?.loki ?? {};
  return {
    gateway: { host: '0.0.0.0', port: pipelineServices['log-gateway'].port },
    ingestor: {
      host: '0.0.0.0',
      port: pipelineServices['log-ingestor'].port,
      labels: { cluster, environment, namespace: namespaces.services },
    },
    ...(volume !== undefined && { queue: { directory: `${pipelineDataDir}/queue`, ...queueBytes(volume) } }),
    ...(partitions !== undefined && {
      kafka: { group: ingestorGroup, partitions, ...(organizations && { organizations }) },
    }),
    loki: { url: pushedTo(context), ...(user !== undefined && { user }) },
    prometheus: { url: sourcesOf(context).prometheus },
    behind: { ingestor: pipelineUrl('log-ingestor') },
    keys: { file: `${keysDir}/${keysFile}` },
  };
}

function queueBytes(volume: string) {
  const bytes = Number.parseInt(volume, 10) * 2 ** 30;
  return { maxBytes: Math.floor(bytes * queueShare), minFreeBytes: Math.floor(bytes * freeShare) };
}
