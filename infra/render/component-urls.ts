import { componentPorts } from '../../telemetry/contract/ports.ts';
import { namespaces } from '../../telemetry/contract/services.ts';
import type { EnvironmentName } from '../config/names.ts';
import type { EnvironmentConfig } from '../config.ts';
import { lokiHosts } from '../loki/targets.ts';
import type { GrafanaSources } from './grafana/datasources.ts';

/**
 * Addresses of components inside the target: containers have the component's name, and so have Services on Kubernetes.
 * Local has none: there they are processes on ports of their own.
 */
export function componentUrls(
  environment: Exclude<EnvironmentName, 'local'>,
  config: Pick<EnvironmentConfig, 'loki'>,
): GrafanaSources {
  const at = (name: keyof GrafanaSources, host: string = name): string =>
    `http://${environment === 'docker' ? host : `${host}.${namespaces.stack}.svc`}:${componentPorts[name]}`;
  return {
    prometheus: at('prometheus'),
    loki: at('loki', lokiHosts(config).query),
    alertmanager: at('alertmanager'),
  };
}
