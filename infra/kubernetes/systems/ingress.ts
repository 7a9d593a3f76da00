import { pipelineServices } from '../../../telemetry/contract/pipeline.ts';
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

/** Not what the gateway serves to Prometheus and the kubelet without a key. */
const gatewayRoutes: readonly Route[] = [
  { path: '/', pathType: 'Exact' },
  { path: '/api', pathType: 'Prefix' },
  { path: '/logs', pathType: 'Prefix' },
  { path: '/loki/api/v1/push', pathType: 'Exact' },
  { path: '/v1/logs', pathType: 'Exact' },
  { path: '/openapi.json', pathType: 'Exact' },
  { path: '/docs', pathType: 'Prefix' },
  { path: '/redoc', pathType: 'Exact' },
];

/** What nginx must be told of the gateway: bodies as large as its own limit, and tails that go on for an hour. */
const gatewayAnnotations = {
  'nginx.ingress.kubernetes.io/proxy-body-size': '8m',
  'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
  'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
};

/** Grafana, the public routes of the backend and those of the log gateway, by TLS; nothing else is reached from outside. */
export function ingress(context: ClusterContext): System {
  const backend = part(context, 'backend-api', {
    namespace: namespaces.services,
    owner: services['backend-api'].team,
  });
  const gateway = part(context, 'log-gateway', {
    namespace: namespaces.services,
    owner: pipelineServices['log-gateway'].team,
  });
  const { host: logHost } = context.kubernetes.logPipeline;
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
      ...(logHost === undefined
        ? []
        : [entrance(context, gateway, logHost, gatewayRoutes, gatewayAnnotations)]),
    ],
  };
}

const entrance = (
  { kubernetes }: ClusterContext,
  self: Part,
  host: string,
  routes: readonly Route[],
  annotations: Readonly<Record<string, string>> = {},
): ObjectOf<'Ingress'> =>
  object(
    'Ingress',
    metadata(self, self.name, {
      annotations: { 'cert-manager.io/cluster-issuer': kubernetes.ingress.issuer, ...annotations },
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
