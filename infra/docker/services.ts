import { pipelineServices } from '../../telemetry/contract/pipeline.ts';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { namespaces, type ServiceName, serviceNames, services } from '../../telemetry/contract/services.ts';
import { images } from '../kubernetes/images.ts';
import type { DockerOptions } from './components.ts';
import { byNode, type ContainerSpec } from './container.ts';

const dataDir = '/data';
const queueDir = '/queue';
const keysDir = '/keys';

const at = (name: ServiceName): string => `http://${name}:${services[name].port}`;

const common = {
  namespace: namespaces.services,
  image: { built: 'services' },
  user: '1000:1000',
  reads: [],
  secrets: [],
  tmpfs: ['/tmp'],
} as const;

/** What emits: the five services, who uses them, and the log pipeline. */
export function serviceContainers({ config, ingestors }: DockerOptions): readonly ContainerSpec[] {
  const queue = ingestors > 1 ? { KAFKA_BROKERS: `kafka:${componentPorts.kafka}` } : {};
  return [
    ...serviceNames.map((name) => service(name, config)),
    ...(config.traffic.rate > 0 ? [trafficGenerator(config)] : []),
    logGateway(config, queue),
    logIngestor(config, queue, ingestors),
    ...(ingestors > 1 ? [kafka()] : []),
  ];
}

type Config = DockerOptions['config'];
type Variables = Readonly<Record<string, string>>;

const service = (name: ServiceName, config: Config): ContainerSpec => ({
  ...common,
  name,
  command: [`services/${name}/main.ts`],
  env: {
    HOST: '0.0.0.0',
    PORT: String(services[name].port),
    DATA_DIR: `${dataDir}/${name}`,
    // One file for all five: it is the bus, and beside it is what tokens are signed with.
    EVENT_BUS_PATH: `${dataDir}/event-bus.sqlite`,
    BACKEND_API_URL: at('backend-api'),
    FAULTS_DIR: `${dataDir}/faults`,
    LOG_LEVEL: config.services.logLevel,
    DEMO_USERS: config.traffic.rate > 0 ? '10' : '0',
  },
  port: services[name].port,
  ...(name === 'backend-api' && { isPublished: true }),
  volumes: [{ name: 'tasks', path: dataDir }],
  health: byNode(services[name].port, '/ready'),
  stopSeconds: 10,
});

const trafficGenerator = (config: Config): ContainerSpec => ({
  ...common,
  name: 'traffic-generator',
  command: ['services/traffic-generator/main.ts'],
  env: {
    HOST: '0.0.0.0',
    PORT: String(componentPorts.trafficGenerator),
    BACKEND_API_URL: at('backend-api'),
    RECURRING_TASK_URL: at('recurring-task'),
    NOTIFICATION_URL: at('notification'),
    SYNC_URL: at('sync'),
    AUDIT_URL: at('audit'),
    TRAFFIC_RATE: String(config.traffic.rate),
  },
  port: componentPorts.trafficGenerator,
  isScraped: false,
  volumes: [],
  health: byNode(componentPorts.trafficGenerator, '/health'),
  stopSeconds: 10,
});

/** What gateway and ingestor are told alike. */
const pipeline = (config: Config): Variables => ({
  QUEUE_DIRECTORY: queueDir,
  KEYS_FILE: `${keysDir}/api-keys.json`,
  LOKI_URL: `http://loki:${componentPorts.loki}`,
  PROMETHEUS_URL: `http://prometheus:${componentPorts.prometheus}`,
  LOG_LEVEL: config.services.logLevel,
});

const logGateway = (config: Config, queue: Variables): ContainerSpec => ({
  ...common,
  name: 'log-gateway',
  command: ['services/log-gateway/main.ts'],
  env: {
    ...pipeline(config),
    ...queue,
    GATEWAY_HOST: '0.0.0.0',
    GATEWAY_PORT: String(pipelineServices['log-gateway'].port),
    BEHIND_INGESTOR: `http://log-ingestor:${pipelineServices['log-ingestor'].port}`,
  },
  port: pipelineServices['log-gateway'].port,
  isPublished: true,
  volumes: [
    { name: 'log-queue', path: queueDir },
    { name: 'log-keys', path: keysDir },
  ],
  health: byNode(pipelineServices['log-gateway'].port, '/ready'),
  stopSeconds: 30,
});

const logIngestor = (config: Config, queue: Variables, replicas: number): ContainerSpec => ({
  ...common,
  name: 'log-ingestor',
  command: ['services/log-ingestor/main.ts'],
  env: {
    ...pipeline(config),
    ...queue,
    INGESTOR_HOST: '0.0.0.0',
    INGESTOR_PORT: String(pipelineServices['log-ingestor'].port),
    INGESTOR_REPLICAS: String(replicas),
    INGESTOR_LABELS_CLUSTER: config.cluster,
    INGESTOR_LABELS_ENVIRONMENT: config.environment,
  },
  port: pipelineServices['log-ingestor'].port,
  ...(replicas > 1 && { replicas }),
  volumes: [
    { name: 'log-queue', path: queueDir },
    { name: 'log-keys', path: keysDir },
  ],
  health: byNode(pipelineServices['log-ingestor'].port, '/ready'),
  stopSeconds: 30,
});

/** The queue of the log pipeline where one host's file is not enough: a single broker, in KRaft mode. */
const kafka = (): ContainerSpec => {
  const port = componentPorts.kafka;
  const controllerPort = port + 1;
  return {
    ...common,
    name: 'kafka',
    namespace: namespaces.stack,
    image: { published: images.kafka },
    command: [],
    env: {
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:${controllerPort}`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://kafka:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: `1@localhost:${controllerPort}`,
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_HEAP_OPTS: '-Xmx512m',
    },
    port,
    isScraped: false,
    volumes: [{ name: 'kafka', path: '/var/lib/kafka/data' }],
    writesToRoot: 'its start writes the configuration that it makes of the variables beside its own files',
    health: { test: ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`] },
    stopSeconds: 60,
  };
};
