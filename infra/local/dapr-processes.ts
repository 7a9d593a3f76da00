import { type ServiceName, serviceNames, sidecarContainer } from '../../telemetry/contract/services.ts';
import {
  busName,
  busOverKafka,
  busOverRedis,
  deliveries,
  stateInRedis,
  stateName,
} from '../dapr/components.ts';
import { toYaml } from '../render/yaml.ts';
import type { Stack } from '../stack.ts';
import { adminPassword } from './admin-password.ts';
import { localHost, localPaths } from './files.ts';
import { kafkaBootstrap } from './kafka-processes.ts';
import { localPlacement } from './placements.ts';
import type { PlanContext } from './plan-context.ts';
import type { LocalPorts } from './ports.ts';
import type { ProcessSpec } from './process-spec.ts';

/** Folder of what every sidecar reads. */
const resources = `${localPaths.config}/dapr`;
const passwordFile = `${localPaths.secrets}/REDIS_PASSWORD`;
const redisSettings = `${localPaths.secrets}/redis.conf`;
/** What the sidecars' own secret store reads. */
const sidecarSecrets = `${localPaths.secrets}/dapr.json`;
const secretStore = 'secrets';

const sidecarOf = (service: ServiceName): string => `${service}-dapr`;

/** A sidecar is a container of its application's pod, as on Kubernetes. */
const sidecarPlacement = (service: ServiceName) => ({
  ...localPlacement(service, 'service'),
  container: sidecarContainer,
});

/** What `--with dapr` adds: a sidecar each service, and the Redis that they keep events and state in. */
export function daprProcesses(context: PlanContext): readonly ProcessSpec[] {
  return [redis(context), ...serviceNames.map((name) => sidecar(name, context))];
}

/** Their targets for Prometheus and their logs; a sidecar's job is called as its Service on Kubernetes. */
export const daprInstances = (ports: LocalPorts): Stack['instances'] => [
  ...serviceNames.map((name) => ({
    placement: sidecarPlacement(name),
    address: `${localHost}:${ports[`${name}-dapr-metrics`]}`,
    job: sidecarOf(name),
  })),
  { placement: localPlacement('redis', 'component') },
];

/** What a service's process is told, to speak through its sidecar. */
export const daprVariables = (name: ServiceName, { ports, with: extras }: PlanContext): ProcessSpec['env'] =>
  extras.includes('dapr')
    ? {
        DAPR_HTTP_PORT: String(ports[`${name}-dapr-http`]),
        DAPR_PUBSUB: busName,
        DAPR_STATE_STORE: stateName,
      }
    : {};

/** What the sidecars read, rendered from the same specifications as on Kubernetes. */
export function daprFiles({ ports, stateDir, with: extras }: PlanContext): ReadonlyMap<string, string> {
  const address = {
    host: `${localHost}:${ports.redis}`,
    tls: false,
    password: { name: 'redisPassword', key: 'redisPassword' },
  };
  const bus = extras.includes('kafka') ? busOverKafka([kafkaBootstrap(ports)]) : busOverRedis(address);
  const store = {
    type: 'secretstores.local.file',
    version: 'v1',
    metadata: [{ name: 'secretsFile', value: `${stateDir}/${sidecarSecrets}` }],
  };
  return new Map([
    [`${resources}/secrets.yaml`, resource('Component', secretStore, { spec: store })],
    [`${resources}/bus.yaml`, resource('Component', busName, { auth: { secretStore }, spec: bus })],
    [
      `${resources}/state.yaml`,
      resource('Component', stateName, { auth: { secretStore }, spec: stateInRedis(address) }),
    ],
    [`${resources}/deliveries.yaml`, resource('Resiliency', 'deliveries', { spec: deliveries })],
  ]);
}

const resource = (kind: string, name: string, body: object): string =>
  toYaml({ apiVersion: 'dapr.io/v1alpha1', kind, metadata: { name }, ...body });

/** The password of the last start, or a new one; in no process list, since each of its readers has it in a file. */
export function daprSecretFiles({ ports, stateDir }: PlanContext): ReadonlyMap<string, string> {
  const password = adminPassword(undefined, `${stateDir}/${passwordFile}`);
  const lines = [
    `bind ${localHost}`,
    `port ${ports.redis}`,
    `requirepass ${password}`,
    `dir "${stateDir}/${localPaths.data}/redis"`,
    // An event that was taken is on disk before its publisher hears so.
    'appendonly yes',
    'appendfsync always',
    'save ""',
  ];
  return new Map([
    [passwordFile, password],
    [redisSettings, `${lines.join('\n')}\n`],
    [sidecarSecrets, `${JSON.stringify({ redisPassword: password })}\n`],
  ]);
}

function redis({ ports, stateDir }: PlanContext): ProcessSpec {
  return {
    name: 'redis',
    kind: 'component',
    title: 'Events and state of the Dapr sidecars',
    run: { tool: 'redis-server', args: [`${stateDir}/${redisSettings}`] },
    env: {},
    ports: [ports.redis],
    health: { kind: 'redis-ping', port: ports.redis, passwordFile: `${stateDir}/${passwordFile}` },
    after: [],
    optional: false,
    pod: localPlacement('redis', 'component'),
    stopTimeoutMs: 10_000,
  };
}

function sidecar(name: ServiceName, context: PlanContext): ProcessSpec {
  const { ports, stateDir, with: extras } = context;
  const port = (use: 'http' | 'grpc' | 'internal' | 'metrics'): number => ports[`${name}-dapr-${use}`];
  const url = `http://${localHost}:${port('http')}`;
  return {
    name: sidecarOf(name),
    kind: 'component',
    title: `Dapr sidecar of ${name}`,
    run: {
      tool: 'daprd',
      args: [
        `--app-id=${name}`,
        `--app-port=${ports[name]}`,
        `--app-channel-address=${localHost}`,
        `--dapr-http-port=${port('http')}`,
        `--dapr-grpc-port=${port('grpc')}`,
        `--dapr-internal-grpc-port=${port('internal')}`,
        `--dapr-listen-addresses=${localHost}`,
        `--dapr-internal-grpc-listen-address=${localHost}`,
        `--metrics-port=${port('metrics')}`,
        `--metrics-listen-address=${localHost}`,
        `--resources-path=${stateDir}/${resources}`,
        '--log-as-json',
        '--dapr-graceful-shutdown-seconds=2',
      ],
    },
    env: {},
    ports: [port('http'), port('grpc'), port('internal'), port('metrics')],
    health: { kind: 'http', url: `${url}/v1.0/healthz` },
    after: ['redis', ...(extras.includes('kafka') ? ['kafka'] : [])],
    // The service publishes its last events while it ends.
    stopAfter: [name],
    optional: false,
    pod: sidecarPlacement(name),
    stopTimeoutMs: 10_000,
  };
}
