import { stringify } from 'yaml';
import { type PipelineServiceName, pipelineServices } from '../../telemetry/contract/pipeline.ts';
import { namespaces } from '../../telemetry/contract/services.ts';
import { localHost, localPaths } from './files.ts';
import { localPlacement } from './placements.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { PlanContext } from './service-processes.ts';

/** What all processes of the log pipeline read, relative to the state directory. */
export const pipelineConfigFile = `${localPaths.config}/log-pipeline.yaml`;

/** Who may send and search logs; made by `npm run keys`, so no file of the plan. Relative to the state directory. */
const keysFile = `${localPaths.data}/api-keys.json`;

/** The settings of the log pipeline that are not its defaults. */
export function pipelineConfig({ stack, ports, stateDir }: PlanContext): string {
  const { cluster, environment } = stack.config;
  return stringify({
    gateway: { host: localHost, port: ports['log-gateway'] },
    ingestor: {
      host: localHost,
      port: ports['log-ingestor'],
      labels: { cluster, environment, namespace: namespaces.services },
    },
    queue: { directory: `${stateDir}/${localPaths.data}/log-queue` },
    keys: { file: `${stateDir}/${keysFile}` },
    loki: { url: stack.urls.loki },
    prometheus: { url: stack.urls.prometheus },
  });
}

/**
 * The log pipeline. What takes work in starts after what does it, and ends before it: Loki, the ingestor, the gateway.
 * Each of them waits by itself for one that is away, so that a restart of any needs no other.
 */
export function pipelineProcesses(context: PlanContext): readonly ProcessSpec[] {
  return [
    pipelineProcess('log-ingestor', context, { after: ['loki'] }),
    pipelineProcess('log-gateway', context, { after: ['log-ingestor'] }),
  ];
}

function pipelineProcess(
  name: PipelineServiceName,
  { ports, stack, stateDir, settings }: PlanContext,
  order: Pick<ProcessSpec, 'after'>,
): ProcessSpec {
  const url = `http://${localHost}:${ports[name]}`;
  const { OTEL_EXPORTER_OTLP_ENDPOINT } = settings;
  return {
    name,
    kind: 'service',
    title: pipelineServices[name].description,
    run: { script: `services/${name}/main.ts`, args: [] },
    env: {
      PIPELINE_CONFIG: `${stateDir}/${pipelineConfigFile}`,
      LOG_LEVEL: stack.config.services.logLevel,
      ...(OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT }),
    },
    ports: [ports[name]],
    url: `${url}/health`,
    health: { kind: 'http', url: `${url}/ready` },
    ...order,
    optional: false,
    pod: localPlacement(name, 'service'),
    // Longer than the ingestor takes at most to bring what it has to Loki.
    stopTimeoutMs: 26_000,
  };
}
