import { componentPorts } from '../../telemetry/contract/ports.ts';
import { namespaces } from '../../telemetry/contract/services.ts';
import { images } from '../kubernetes/images.ts';
import { brokerEnvironment, formatArguments, serverArguments } from '../local/kafka/broker-command.ts';
import { renderedPaths } from '../render/environment.ts';
import { renderKafkaLogging, renderKafkaProperties } from '../render/kafka.ts';
import { byNode, type ContainerSpec, containerRoot } from './container.ts';

const broker = 'kafka';
const folder = `${renderedPaths.config}/kafka`;
const propertiesFile = `${folder}/server.properties`;
const loggingFile = `${folder}/log4j2.properties`;
const dataDir = '/var/lib/kafka/data';
/** The program of the image that starts any of Kafka's classes. */
const run = '/opt/kafka/bin/kafka-run-class.sh';

/** What clients are told. */
export const kafkaVariables = { KAFKA_BROKERS: `${broker}:${componentPorts.kafka}` } as const;

/** The queue of the log pipeline where one host's file is not enough, and what tells how far its readers are. */
export const kafkaContainers = (): readonly ContainerSpec[] => [singleNode(), exporter()];

/** What the broker reads, by path below `containerRoot`. */
export const kafkaFiles = (): ReadonlyMap<string, string> =>
  new Map([
    [
      propertiesFile,
      renderKafkaProperties({
        // Not the volume itself: what a filesystem has at its root is no topic.
        dataDir: `${dataDir}/topics`,
        listen: { host: '0.0.0.0', port: componentPorts.kafka },
        advertised: { host: broker, port: componentPorts.kafka },
        controllerPort: componentPorts.kafkaController,
      }),
    ],
    [loggingFile, renderKafkaLogging()],
  ]);

function singleNode(): ContainerSpec {
  const port = componentPorts.kafka;
  const properties = `${containerRoot}/${propertiesFile}`;
  const words = (args: readonly string[]): string => [run, ...args].join(' ');
  return {
    name: broker,
    namespace: namespaces.stack,
    image: { published: images.kafka },
    command: [
      'bash',
      '-c',
      `${words(formatArguments(properties))} && exec ${words(serverArguments(properties))}`,
    ],
    user: '1000:1000',
    env: brokerEnvironment({ loggingFile: `${containerRoot}/${loggingFile}`, logDir: '/tmp' }),
    port,
    isScraped: false,
    reads: [`${folder}/`],
    secrets: [],
    volumes: [{ name: 'kafka', path: dataDir }],
    tmpfs: ['/tmp'],
    health: { test: ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`] },
    // It writes down where it stands, so that the next start has nothing to recover.
    stopSeconds: 60,
  };
}

function exporter(): ContainerSpec {
  const port = componentPorts.kafkaExporter;
  return {
    name: 'kafka-exporter',
    namespace: namespaces.stack,
    image: { built: 'services' },
    command: ['services/kafka-exporter/main.ts'],
    user: '1000:1000',
    env: { HOST: '0.0.0.0', PORT: String(port), ...kafkaVariables },
    port,
    reads: [],
    secrets: [],
    volumes: [],
    tmpfs: ['/tmp'],
    // Not /ready: while the broker is away, this one says so.
    health: byNode(port, '/health'),
    stopSeconds: 10,
  };
}
