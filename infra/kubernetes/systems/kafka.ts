import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { brokerEnvironment, formatArguments, serverArguments } from '../../local/kafka/broker-command.ts';
import { renderKafkaLogging, renderKafkaProperties } from '../../render/kafka.ts';
import { type ClusterContext, inCluster, metadata, part, type System, sizeOf } from '../context.ts';
import { images } from '../images.ts';
import { kafkaAccess, kafkaClient, kafkaExporterName, kafkaName } from '../kafka.ts';
import { type KubernetesObject, object } from '../object.ts';
import {
  container,
  keptVolumes,
  podTemplate,
  probes,
  service,
  serviceAccount,
  volumeClaim,
} from '../workload.ts';
import { servicesUser } from './services.ts';

/** The user of Kafka's image. */
const user = 1000;
const configDir = '/etc/sightline/kafka';
const dataDir = '/data';
/** The program of the image that starts any of Kafka's classes. */
const run = '/opt/kafka/bin/kafka-run-class.sh';

/** A broker of our own where the environment says so, and what tells of any brokers how far their readers are. */
export function kafka(context: ClusterContext): System {
  const { single } = context.kubernetes.kafka ?? {};
  return {
    name: kafkaName,
    objects: [
      ...(single ? broker(context, single.volume) : []),
      ...(kafkaAccess(context) ? exporter(context) : []),
    ],
  };
}

function broker(context: ClusterContext, volume: string): readonly KubernetesObject[] {
  const self = part(context, kafkaName);
  const { hostname } = new URL(inCluster(self.name, componentPorts.kafka));
  const config = object('ConfigMap', metadata(self), {
    data: {
      'server.properties': renderKafkaProperties({
        // Not the volume itself: what a filesystem has at its root is no topic.
        dataDir: `${dataDir}/topics`,
        listen: { host: '0.0.0.0', port: componentPorts.kafka },
        advertised: { host: hostname, port: componentPorts.kafka },
        controllerPort: componentPorts.kafkaController,
      }),
      'log4j2.properties': renderKafkaLogging(),
    },
  });
  const properties = `${configDir}/server.properties`;
  const common = {
    image: images.kafka,
    command: [run],
    size: sizeOf(context, 'kafka'),
    env: Object.entries(
      brokerEnvironment({ loggingFile: `${configDir}/log4j2.properties`, logDir: '/tmp' }),
    ).map(([name, value]) => ({ name, value })),
    volumeMounts: [
      { name: 'config', mountPath: configDir, readOnly: true },
      { name: 'data', mountPath: dataDir },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const port = { tcpSocket: { port: 'kafka' }, timeoutSeconds: 5 };
  return [
    serviceAccount(self),
    object('Service', metadata(self), {
      spec: {
        type: 'ClusterIP',
        selector: self.selector,
        ports: [{ name: 'kafka', port: componentPorts.kafka, targetPort: 'kafka', protocol: 'TCP' }],
      },
    }),
    config,
    object('StatefulSet', metadata(self), {
      spec: {
        // What it knows is on one volume, and of a single copy.
        replicas: 1,
        serviceName: self.name,
        selector: { matchLabels: self.selector },
        template: podTemplate(self, {
          user,
          reads: [config],
          spec: {
            // It writes down where it stands, so that the next start has nothing to recover.
            terminationGracePeriodSeconds: 60,
            initContainers: [
              container({ name: 'format', args: [...formatArguments(properties)], ...common }),
            ],
            containers: [
              container({
                name: self.name,
                args: [...serverArguments(properties)],
                ...common,
                ports: [{ name: 'kafka', containerPort: componentPorts.kafka }],
                // After a kill it reads its last segments again first.
                startupProbe: { ...port, periodSeconds: 3, failureThreshold: 60 },
                livenessProbe: { ...port, periodSeconds: 10 },
                readinessProbe: { ...port, periodSeconds: 5 },
              }),
            ],
            volumes: [
              { name: 'config', configMap: { name: config.metadata.name } },
              { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
            ],
          },
        }),
        persistentVolumeClaimRetentionPolicy: keptVolumes,
        volumeClaimTemplates: [
          {
            metadata: { name: 'data', labels: self.selector },
            spec: volumeClaim(volume, context.kubernetes.storageClass),
          },
        ],
      },
    }),
  ];
}

/** Asks the brokers at each scrape; without it nobody knows that a group falls behind, the autoscaler least of all. */
function exporter(context: ClusterContext): readonly KubernetesObject[] {
  const self = part(context, kafkaExporterName);
  const port = componentPorts.kafkaExporter;
  const client = kafkaClient(context, self);
  return [
    serviceAccount(self),
    service(self, port),
    ...client.config,
    ...client.secrets,
    object('Deployment', metadata(self), {
      spec: {
        replicas: 1,
        selector: { matchLabels: self.selector },
        template: podTemplate(self, {
          user: servicesUser,
          ...(client.config.length > 0 && { reads: client.config }),
          ...(client.secrets.length > 0 && { secrets: client.secrets }),
          spec: {
            containers: [
              container({
                name: self.name,
                image: context.kubernetes.services.image,
                args: ['services/kafka-exporter/main.ts'],
                size: sizeOf(context, 'kafka-exporter'),
                env: [
                  { name: 'PORT', value: String(port) },
                  { name: 'HOST', value: '0.0.0.0' },
                  ...client.env,
                ],
                ports: [{ name: 'http', containerPort: port }],
                // While the brokers are away it says so, and is scraped for that.
                ...probes({ live: '/health', ready: '/health' }),
                ...(client.mounts.length > 0 && { volumeMounts: [...client.mounts] }),
              }),
            ],
            ...(client.volumes.length > 0 && { volumes: [...client.volumes] }),
          },
        }),
      },
    }),
  ];
}
