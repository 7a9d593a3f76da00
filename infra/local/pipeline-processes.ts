import path from 'node:path';
import { stringify } from 'yaml';
import { readPipelineConfig } from '../../services/pipeline/config/read-config.ts';
import { type PipelineServiceName, pipelineServices } from '../../telemetry/contract/pipeline.ts';
import { namespaces } from '../../telemetry/contract/services.ts';
import { localHost, localPaths } from './files.ts';
import { kafkaBootstrap } from './kafka-processes.ts';
import { deliveringNiceness } from './niceness.ts';
import type { PlanContext } from './plan-context.ts';
import type { ProcessSpec } from './process-spec.ts';
import { serviceProcess } from './service-process.ts';
import { kafkaVariables } from './settings.ts';

/** What the gateway and the ingestor read, and commands about them, relative to the state directory. */
export const pipelineConfigFile = `${localPaths.config}/log-pipeline.yaml`;

/** Who may send and search logs; made by `npm run keys`, so no file of the plan. */
export const keysFile = (stateDir: string): string => `${stateDir}/${localPaths.data}/api-keys.json`;

/** The canary's own key. */
export const canaryKeyFile = (stateDir: string): string =>
  `${stateDir}/${localPaths.data}/log-canary/api-key`;

/** The settings of the log pipeline that are not its defaults; variables go over them. */
export function pipelineConfig({ stack, ports, stateDir, with: extras }: PlanContext): string {
  const { cluster, environment } = stack.config;
  return stringify({
    gateway: {
      host: localHost,
      port: ports['log-gateway'],
      startAfter: `http://${localHost}:${ports['log-ingestor']}/health`,
    },
    ingestor: {
      host: localHost,
      port: ports['log-ingestor'],
      // Loki takes pushes some time before its /ready says so.
      startAfter: `${stack.urls.loki}/loki/api/v1/status/buildinfo`,
      labels: { cluster, environment, namespace: namespaces.services },
    },
    queue: { directory: `${stateDir}/${localPaths.data}/log-queue` },
    ...(extras.includes('kafka') && { kafka: { brokers: [kafkaBootstrap(ports)] } }),
    keys: { file: keysFile(stateDir) },
    loki: { url: stack.urls.loki },
    prometheus: { url: stack.urls.prometheus },
  });
}

/**
 * The log pipeline. All of them are started at once, for their start is mostly the loading of code; what takes work in
 * opens its port after what does it, and ends before it: Loki, the ingestor, the gateway, the canary.
 */
export function pipelineProcesses(context: PlanContext): readonly ProcessSpec[] {
  const { ports, stateDir } = context;
  const settings = { PIPELINE_CONFIG: `${stateDir}/${pipelineConfigFile}`, ...brokersOfTheShell(context) };
  return [
    {
      ...pipelineProcess('log-ingestor', context, settings),
      stopAfter: ['log-gateway'],
      niceness: deliveringNiceness,
    },
    { ...pipelineProcess('log-gateway', context, settings), stopAfter: ['log-canary'] },
    pipelineProcess('log-canary', context, {
      PORT: String(ports['log-canary']),
      HOST: localHost,
      LOG_GATEWAY_URL: `http://${localHost}:${ports['log-gateway']}`,
      LOG_CANARY_KEY_FILE: canaryKeyFile(stateDir),
    }),
  ];
}

/**
 * Variables that say where brokers are and how to get to them; none where the stack has its own.
 * @throws SightlineError SL1709 when they do not fit together
 */
function brokersOfTheShell({ settings, with: extras }: PlanContext): Readonly<Record<string, string>> {
  if (settings.KAFKA_BROKERS === undefined || extras.includes('kafka')) return {};
  const { KAFKA_CA_FILE: caFile } = settings;
  const given = kafkaVariables.flatMap((name) => {
    const value = settings[name];
    return value === undefined ? [] : [[name, value]];
  });
  const env: Readonly<Record<string, string>> = {
    ...Object.fromEntries(given),
    ...(caFile === undefined ? {} : { KAFKA_CA_FILE: path.resolve(caFile) }),
  };
  readPipelineConfig({ env });
  return env;
}

/** Longer than the ingestor takes at most to bring what it has to Loki. */
const stopTimeoutMs = 26_000;

const pipelineProcess = (
  name: PipelineServiceName,
  context: PlanContext,
  env: Readonly<Record<string, string>>,
): ProcessSpec =>
  serviceProcess({ name, title: pipelineServices[name].description, env, stopTimeoutMs }, context);
