import { services } from '../../../telemetry/contract/services.ts';
import { type ClusterContext, metadata, namespaces, type Part, part, type System } from '../context.ts';
import { type ObjectOf, object } from '../object.ts';

/** Grafana and the backend, by TLS; nothing else is reached from outside. */
export function ingress(context: ClusterContext): System {
  const backend = part(context, 'backend-api', {
    namespace: namespaces.services,
    owner: services['backend-api'].team,
  });
  return {
    name: 'ingress',
    objects: [
      entrance(context, part(context, 'grafana'), new URL(context.stack.urls.dashboards).hostname),
      entrance(context, backend, context.kubernetes.ingress.backendHost),
    ],
  };
}

const entrance = ({ kubernetes }: ClusterContext, self: Part, host: string): ObjectOf<'Ingress'> =>
  object(
    'Ingress',
    metadata(self, self.name, {
      annotations: { 'cert-manager.io/cluster-issuer': kubernetes.ingress.issuer },
    }),
    {
      spec: {
        ingressClassName: kubernetes.ingress.class,
        tls: [{ hosts: [host], secretName: `${self.name}-tls` }],
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: self.name, port: { name: 'http' } } },
                },
              ],
            },
          },
        ],
      },
    },
  );
