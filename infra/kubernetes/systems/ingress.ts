import { services } from '../../../telemetry/contract/services.ts';
import { type ClusterContext, metadata, namespaces, type Part, part, type System } from '../context.ts';
import { isOurs } from '../existing.ts';
import { type ObjectOf, object } from '../object.ts';

interface Route {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix';
}

const everything: readonly Route[] = [{ path: '/', pathType: 'Prefix' }];
/** Not what the backend serves to Dapr and Prometheus without asking who they are. */
const publicRoutes: readonly Route[] = [
  { path: '/tasks', pathType: 'Prefix' },
  { path: '/login', pathType: 'Exact' },
  { path: '/updates', pathType: 'Exact' },
];

/** Grafana and the public routes of the backend, by TLS; nothing else is reached from outside. */
export function ingress(context: ClusterContext): System {
  const backend = part(context, 'backend-api', {
    namespace: namespaces.services,
    owner: services['backend-api'].team,
  });
  return {
    name: 'ingress',
    objects: [
      ...(isOurs(context, 'grafana')
        ? [
            entrance(
              context,
              part(context, 'grafana'),
              new URL(context.stack.urls.dashboards).hostname,
              everything,
            ),
          ]
        : []),
      entrance(context, backend, context.kubernetes.ingress.backendHost, publicRoutes),
    ],
  };
}

const entrance = (
  { kubernetes }: ClusterContext,
  self: Part,
  host: string,
  routes: readonly Route[],
): ObjectOf<'Ingress'> =>
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
              paths: routes.map((route) => ({
                ...route,
                backend: { service: { name: self.name, port: { name: 'http' } } },
              })),
            },
          },
        ],
      },
    },
  );
