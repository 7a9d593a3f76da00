import { type PipelineServiceName, pipelineServices } from '../../../telemetry/contract/pipeline.ts';
import { isSeveral } from '../../config/log-pipeline.ts';
import { toYaml } from '../../render/yaml.ts';
import { autoscaler, lagAutoscaler, replicasOf } from '../autoscaling.ts';
import {
  type ClusterContext,
  metadata,
  namespaces,
  type Part,
  part,
  type System,
  sizeOf,
} from '../context.ts';
import { lokiHasPassword } from '../existing.ts';
import { type KafkaClient, kafkaClient, noKafka } from '../kafka.ts';
import {
  ingestorGroup,
  keysDir,
  keysFile,
  pipelineDataDir,
  pipelineSettings,
} from '../log-pipeline-config.ts';
import { type Container, type KubernetesObject, type ObjectOf, object, type PodSpec } from '../object.ts';
import { spanVariables, tracesSecret } from '../span-export.ts';
import {
  container,
  disruptionBudget,
  keptVolumes,
  onOneNode,
  podTemplate,
  probes,
  service,
  serviceAccount,
  spread,
  volumeClaim,
} from '../workload.ts';
import { logCanary } from './log-canary.ts';
import { servicesUser } from './services.ts';

const configDir = '/etc/sightline/pipeline';
/** Of the processes' 25 seconds, and some for the cluster to tell others that a pod goes. */
const graceSeconds = 40;
/** What the embedded queue's volume is to its pods, and by what the two find each other's node. */
const queueName = 'log-queue';
const redisPassword = 'LOG_REDIS_PASSWORD';
const lokiPassword = 'LOKI_PASSWORD';

/** What both processes are made of. */
interface Shared {
  readonly context: ClusterContext;
  readonly config: ObjectOf<'ConfigMap'>;
  readonly kafka: KafkaClient;
  /** The password of a Loki that asks for one. */
  readonly lokiSecret: readonly ObjectOf<'Secret'>[];
  /** Undefined where the queue is in Kafka, and nothing of a pod is kept. */
  readonly queue: ObjectOf<'PersistentVolumeClaim'> | undefined;
}

/** What one of them has beside. */
interface Own {
  readonly secrets: readonly ObjectOf<'Secret'>[];
  readonly env: NonNullable<Container['env']>;
  readonly mounts: NonNullable<Container['volumeMounts']>;
  readonly volumes: NonNullable<PodSpec['volumes']>;
}

/** The gateway and the ingestor: on one node with the queue's volume between them, or as many as there is work, with Kafka. */
export function logPipeline(context: ClusterContext): System {
  const { logPipeline: keys, storageClass } = context.kubernetes;
  const shared = part(context, 'log-pipeline', { namespace: namespaces.services });
  const lokiSecret = lokiHasPassword(context)
    ? [
        object('Secret', metadata(shared, 'log-pipeline-loki'), {
          stringData: { [lokiPassword]: { secretRef: lokiPassword } },
        }),
      ]
    : [];
  const config = object('ConfigMap', metadata(shared), {
    data: { 'config.yaml': toYaml(pipelineSettings(context)) },
  });
  const kafka = keys.queue === 'kafka' ? kafkaClient(context, shared) : noKafka;
  const queue =
    keys.volume === undefined
      ? undefined
      : object('PersistentVolumeClaim', metadata(shared, queueName), {
          spec: volumeClaim(keys.volume, storageClass),
        });
  const all: Shared = { context, config, kafka, lokiSecret, queue };
  return {
    name: 'log-pipeline',
    objects: [
      config,
      ...kafka.config,
      ...kafka.secrets,
      ...lokiSecret,
      ...(queue ? [queue] : []),
      ...gateway(all, shared),
      ...ingestor(all),
      ...logCanary(context),
    ],
  };
}

function gateway(all: Shared, shared: Part): readonly KubernetesObject[] {
  const { context } = all;
  const { gateway: instances, redis } = context.kubernetes.logPipeline;
  const self = partOf(context, 'log-gateway');
  // Read anew when it changes: a key that is made or revoked starts nothing anew.
  const keys = object('Secret', metadata(self, 'log-gateway-keys'), {
    stringData: { [keysFile]: { secretRef: 'LOG_GATEWAY_KEYS' } },
  });
  const redisSecret = object('Secret', metadata(shared, 'log-redis'), {
    stringData: { [redisPassword]: { secretRef: redisPassword } },
  });
  return [
    keys,
    ...(redis ? [redisSecret] : []),
    ...processObjects(all, self, {
      secrets: redis ? [redisSecret] : [],
      env: redis
        ? [
            {
              name: redisPassword,
              valueFrom: { secretKeyRef: { name: redisSecret.metadata.name, key: redisPassword } },
            },
            // Put together in the pod, so that no object has the password in an address.
            {
              name: 'REDIS_URL',
              value: `${redis.tls ? 'rediss' : 'redis'}://:$(${redisPassword})@${redis.address}`,
            },
          ]
        : [],
      mounts: [{ name: 'keys', mountPath: keysDir, readOnly: true }],
      volumes: [{ name: 'keys', secret: { secretName: keys.metadata.name, defaultMode: 0o440 } }],
    }),
    ...disruptionBudget(self, isSeveral(instances) ? 2 : 1),
    ...autoscaler(self, instances),
  ];
}

function ingestor(all: Shared): readonly KubernetesObject[] {
  const { ingestor: instances } = all.context.kubernetes.logPipeline;
  const self = partOf(all.context, 'log-ingestor');
  return [
    ...processObjects(all, self, { secrets: [], env: [], mounts: [], volumes: [] }),
    ...disruptionBudget(self, isSeveral(instances) ? 2 : 1),
    ...lagAutoscaler(self, { ...instances, group: ingestorGroup }),
  ];
}

const partOf = (context: ClusterContext, name: PipelineServiceName): Part =>
  part(context, name, { namespace: namespaces.services, owner: pipelineServices[name].team });

const instancesOf = ({ context }: Shared, { name }: Part) =>
  context.kubernetes.logPipeline[name === 'log-gateway' ? 'gateway' : 'ingestor'];

function processObjects(all: Shared, self: Part, own: Own): readonly KubernetesObject[] {
  const selector = { matchLabels: self.selector };
  const template = pod(all, self, own);
  const { replicas, maxReplicas } = instancesOf(all, self);
  return [
    serviceAccount(self),
    service(self, portOf(self)),
    all.queue
      ? // One at a time opens the queue: the next one is begun when the one before is gone.
        object('StatefulSet', metadata(self), {
          spec: {
            replicas: 1,
            serviceName: self.name,
            selector,
            template,
            persistentVolumeClaimRetentionPolicy: keptVolumes,
          },
        })
      : object('Deployment', metadata(self), {
          spec: { ...replicasOf({ replicas, maxReplicas }), selector, template },
        }),
  ];
}

const portOf = ({ name }: Part): number =>
  pipelineServices[name === 'log-gateway' ? 'log-gateway' : 'log-ingestor'].port;

function pod({ context, config, kafka, lokiSecret, queue }: Shared, self: Part, own: Own) {
  const { labels, ...together } = queue ? onOneNode(queueName) : { labels: {}, ...spread(self.selector) };
  const spans = tracesSecret(context);
  const secrets = [...own.secrets, ...kafka.secrets, ...lokiSecret, ...spans];
  return podTemplate(
    { ...self, labels: { ...self.labels, ...labels } },
    {
      user: servicesUser,
      reads: [config, ...kafka.config],
      ...(secrets.length > 0 && { secrets }),
      spec: {
        terminationGracePeriodSeconds: graceSeconds,
        ...together,
        containers: [
          container({
            name: self.name,
            image: context.kubernetes.services.image,
            args: [`services/${self.name}/main.ts`],
            size: sizeOf(context, self.name === 'log-gateway' ? 'log-gateway' : 'log-ingestor'),
            env: [
              { name: 'PIPELINE_CONFIG', value: `${configDir}/config.yaml` },
              { name: 'LOG_LEVEL', value: context.stack.config.services.logLevel },
              ...kafka.env,
              ...lokiSecret.map(({ metadata: { name } }) => ({
                name: lokiPassword,
                valueFrom: { secretKeyRef: { name, key: lokiPassword } },
              })),
              ...own.env,
              ...spanVariables(context),
            ],
            ports: [{ name: 'http', containerPort: portOf(self) }],
            ...probes({ live: '/health', ready: '/ready' }),
            volumeMounts: [
              { name: 'config', mountPath: configDir, readOnly: true },
              { name: 'data', mountPath: pipelineDataDir },
              { name: 'tmp', mountPath: '/tmp' },
              ...kafka.mounts,
              ...own.mounts,
            ],
          }),
        ],
        volumes: [
          { name: 'config', configMap: { name: config.metadata.name } },
          {
            name: 'data',
            ...(queue
              ? { persistentVolumeClaim: { claimName: queue.metadata.name } }
              : { emptyDir: { sizeLimit: '64Mi' } }),
          },
          { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
          ...kafka.volumes,
          ...own.volumes,
        ],
      },
    },
  );
}
