import type { EmitterName } from '../../telemetry/contract/pipeline.ts';
import { localHost } from './files.ts';
import { localPlacement } from './placements.ts';
import type { PlanContext } from './plan-context.ts';
import type { ProcessSpec } from './process-spec.ts';

/** What of a service is its own. */
interface Own extends Pick<ProcessSpec, 'title' | 'env' | 'stopTimeoutMs'> {
  readonly name: EmitterName;
}

/** A service of ours: a Node process that starts at once, and is healthy when it is ready. */
export function serviceProcess(
  { name, env, ...own }: Own,
  { ports, settings, stack }: PlanContext,
): ProcessSpec {
  const url = `http://${localHost}:${ports[name]}`;
  const { OTEL_EXPORTER_OTLP_ENDPOINT } = settings;
  return {
    ...own,
    name,
    kind: 'service',
    run: { script: `services/${name}/main.ts`, args: [] },
    env: {
      ...env,
      LOG_LEVEL: stack.config.services.logLevel,
      ...(OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT }),
    },
    ports: [ports[name]],
    url: `${url}/health`,
    health: { kind: 'http', url: `${url}/ready` },
    after: [],
    optional: false,
    pod: localPlacement(name, 'service'),
  };
}
