import { type ServiceName, serviceNames, services } from '../../telemetry/contract/services.ts';
import { daprVariables } from './dapr-processes.ts';
import { busFile, localHost, localPaths } from './files.ts';
import type { PlanContext } from './plan-context.ts';
import type { ProcessSpec } from './process-spec.ts';
import { serviceProcess } from './service-process.ts';

/** The five sample services, each a Node process of its own. */
export function serviceProcesses(context: PlanContext): readonly ProcessSpec[] {
  return serviceNames.map((name) =>
    serviceProcess(
      { name, title: services[name].description, env: environmentOf(name, context), stopTimeoutMs: 5000 },
      context,
    ),
  );
}

function environmentOf(name: ServiceName, context: PlanContext): Readonly<Record<string, string>> {
  const { ports, stateDir } = context;
  return {
    PORT: String(ports[name]),
    HOST: localHost,
    DATA_DIR: `${stateDir}/${localPaths.data}/${name}`,
    EVENT_BUS_PATH: busFile(stateDir),
    BACKEND_API_URL: `http://${localHost}:${ports['backend-api']}`,
    FAULTS_DIR: `${stateDir}/${localPaths.faults}`,
    ...daprVariables(name, context),
  };
}
