import { pipelineServices } from '../../telemetry/contract/pipeline.ts';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { namespaces, type ServiceName, serviceNames, services } from '../../telemetry/contract/services.ts';
import type { DockerOptions } from './components.ts';
import { byNode, type ContainerSpec } from './container.ts';
import { kafkaContainers, kafkaVariables } from './kafka.ts';

const dataDir = '/data';
const queueDir = '/queue';
const keysDir = '/keys';
const keysFile = `${keysDir}/api-keys.json`;

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
  const queue = ingestors > 1 ? kafkaVariables : {};
  return [
    ...serviceNames.map((name) => service(name, config)),
    ...(config.traffic.rate > 0 ? [trafficGenerator(config)] : []),
    logGateway(config, queue),
    logIngestor(config, queue, ingestors),
    logCanary(config),
    ...(ingestors > 1 ? kafkaContainers() : []),
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
  KEYS_FILE: keysFile,
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

/** One host has one gateway, whose file of keys the canary can reach: nobody has to make a key for it. */
const logCanary = (config: Config): ContainerSpec => ({
  ...common,
  name: 'log-canary',
  command: ['services/log-canary/main.ts'],
  env: {
    HOST: '0.0.0.0',
    PORT: String(pipelineServices['log-canary'].port),
    LOG_GATEWAY_URL: `http://log-gateway:${pipelineServices['log-gateway'].port}`,
    LOG_CANARY_KEY_FILE: `${dataDir}/api-key`,
    LOG_CANARY_KEYS_FILE: keysFile,
    LOG_LEVEL: config.services.logLevel,
  },
  port: pipelineServices['log-canary'].port,
  volumes: [
    { name: 'log-canary', path: dataDir },
    { name: 'log-keys', path: keysDir },
  ],
  health: byNode(pipelineServices['log-canary'].port, '/ready'),
  stopSeconds: 10,
});
