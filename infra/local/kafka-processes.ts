import { renderKafkaLogging, renderKafkaProperties } from '../render/kafka.ts';
import type { Stack } from '../stack.ts';
import { localHost, localPaths } from './files.ts';
import {
  brokerEnvironment,
  formatArguments,
  formattedMark,
  serverArguments,
} from './kafka/broker-command.ts';
import { localPlacement } from './placements.ts';
import type { PlanContext } from './plan-context.ts';
import type { LocalPorts } from './ports.ts';
import type { ProcessSpec } from './process-spec.ts';

const propertiesFile = `${localPaths.config}/kafka/server.properties`;
const loggingFile = `${localPaths.config}/kafka/log4j2.properties`;
/** What the broker keeps; its process's own folder is above it. */
const dataDir = (stateDir: string): string => `${stateDir}/${localPaths.data}/kafka/topics`;

/** What `--with kafka` adds beside Dapr: a broker of one node, and the exporter that says how far its readers are. */
export function kafkaProcesses(context: PlanContext): readonly ProcessSpec[] {
  return [broker(context), exporter(context)];
}

/** Their targets for Prometheus and their logs. */
export const kafkaInstances = (ports: LocalPorts): Stack['instances'] => [
  { placement: localPlacement('kafka', 'component') },
  {
    placement: localPlacement('kafka-exporter', 'component'),
    address: `${localHost}:${ports.kafkaExporter}`,
  },
];

/** Where clients on this machine find the broker. */
export const kafkaBootstrap = (ports: LocalPorts): string => `${localHost}:${ports.kafka}`;

export function kafkaFiles({ ports, stateDir }: PlanContext): ReadonlyMap<string, string> {
  const at = { host: localHost, port: ports.kafka };
  const controllerPort = ports.kafkaController;
  return new Map([
    [
      propertiesFile,
      renderKafkaProperties({ dataDir: dataDir(stateDir), listen: at, advertised: at, controllerPort }),
    ],
    [loggingFile, renderKafkaLogging()],
  ]);
}

function broker({ ports, stateDir }: PlanContext): ProcessSpec {
  const properties = `${stateDir}/${propertiesFile}`;
  return {
    name: 'kafka',
    kind: 'component',
    title: 'Events and queued logs',
    run: {
      tool: 'kafka',
      args: serverArguments(properties),
      prepare: {
        args: formatArguments(properties),
        unless: `${dataDir(stateDir)}/${formattedMark}`,
      },
    },
    env: brokerEnvironment({
      loggingFile: `${stateDir}/${loggingFile}`,
      logDir: `${stateDir}/${localPaths.data}/kafka`,
    }),
    ports: [ports.kafka, ports.kafkaController],
    health: { kind: 'kafka-broker', host: localHost, port: ports.kafka },
    after: [],
    // They have something in hand for it while they end.
    stopAfter: ['log-gateway', 'log-ingestor'],
    optional: false,
    pod: localPlacement('kafka', 'component'),
    // It writes down where it stands, so that the next start has nothing to recover.
    stopTimeoutMs: 20_000,
  };
}

function exporter({ ports }: PlanContext): ProcessSpec {
  const url = `http://${localHost}:${ports.kafkaExporter}`;
  return {
    name: 'kafka-exporter',
    kind: 'component',
    title: 'How far the readers of Kafka are',
    run: { script: 'services/kafka-exporter/main.ts', args: [] },
    env: { PORT: String(ports.kafkaExporter), HOST: localHost, KAFKA_BROKERS: kafkaBootstrap(ports) },
    ports: [ports.kafkaExporter],
    url: `${url}/metrics`,
    // Not /ready: while the broker is away, this one says so.
    health: { kind: 'http', url: `${url}/health` },
    after: ['kafka'],
    optional: false,
    pod: localPlacement('kafka-exporter', 'component'),
    stopTimeoutMs: 10_000,
  };
}
