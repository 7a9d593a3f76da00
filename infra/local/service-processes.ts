import { type ServiceName, serviceNames, services } from '../../telemetry/contract/services.ts';
import { daprVariables } from './dapr-processes.ts';
import { busFile, localHost, localPaths } from './files.ts';
import { localPlacement } from './placements.ts';
import type { PlanContext } from './plan-context.ts';
import type { ProcessSpec } from './process-spec.ts';

/** The five sample services, each a Node process of its own. */
export function serviceProcesses(context: PlanContext): readonly ProcessSpec[] {
  return serviceNames.map((name) => serviceProcess(name, context));
}

function serviceProcess(name: ServiceName, context: PlanContext): ProcessSpec {
  const { ports, stateDir, settings, stack } = context;
  const url = `http://${localHost}:${ports[name]}`;
  return {
    name,
    kind: 'service',
    title: services[name].description,
    run: { script: `services/${name}/main.ts`, args: [] },
    env: {
      PORT: String(ports[name]),
      HOST: localHost,
      DATA_DIR: `${stateDir}/${localPaths.data}/${name}`,
      EVENT_BUS_PATH: busFile(stateDir),
      BACKEND_API_URL: `http://${localHost}:${ports['backend-api']}`,
      LOG_LEVEL: stack.config.services.logLevel,
      FAULTS_DIR: `${stateDir}/${localPaths.faults}`,
      ...daprVariables(name, context),
      ...(settings.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? {}
        : { OTEL_EXPORTER_OTLP_ENDPOINT: settings.OTEL_EXPORTER_OTLP_ENDPOINT }),
    },
    ports: [ports[name]],
    url: `${url}/health`,
    health: { kind: 'http', url: `${url}/ready` },
    after: [],
    optional: false,
    pod: localPlacement(name, 'service'),
    stopTimeoutMs: 5000,
  };
}
