import { type ServiceName, serviceNames, services } from '../../telemetry/contract/services.ts';
import type { ProbeModule } from '../render/blackbox.ts';
import { type ClusterContext, inCluster, namespaces } from './context.ts';

/** An address that is probed, and whose it is: what its series are about. */
export interface Probed {
  /** What tells it from others of the same part. */
  readonly way: 'health' | 'public';
  readonly service: ServiceName | 'grafana' | 'log-gateway';
  readonly namespace: string;
  readonly url: string;
  readonly module: ProbeModule;
}

/** Every address that is probed: the services within the cluster, and what people reach from outside. */
export const probedAddresses = (context: ClusterContext): readonly Probed[] => [
  ...serviceNames.map(
    (name): Probed => ({
      way: 'health',
      service: name,
      namespace: namespaces.services,
      url: `${inCluster(name, services[name].port, namespaces.services)}/health`,
      module: 'health',
    }),
  ),
  ...(context.kubernetes.ingress.probed ? fromOutside(context) : []),
];

const fromOutside = ({ stack, kubernetes }: ClusterContext): readonly Probed[] => [
  {
    way: 'public',
    service: 'grafana',
    namespace: namespaces.stack,
    url: `${new URL(stack.urls.dashboards).origin}/api/health`,
    module: 'public-health',
  },
  {
    way: 'public',
    service: 'backend-api',
    namespace: namespaces.services,
    // What it says to somebody without a token: its health is nobody's business outside.
    url: `https://${kubernetes.ingress.backendHost}/tasks`,
    module: 'public-closed',
  },
  ...(kubernetes.logPipeline.host === undefined
    ? []
    : [
        {
          way: 'public',
          service: 'log-gateway',
          namespace: namespaces.services,
          // What it says of itself to anybody.
          url: `https://${kubernetes.logPipeline.host}/`,
          module: 'public-health',
        } as const,
      ]),
];
