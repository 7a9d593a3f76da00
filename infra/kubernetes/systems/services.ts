import { componentPorts } from '../../../telemetry/contract/ports.ts';
import {
  services as contract,
  type ServiceName,
  serviceNames,
} from '../../../telemetry/contract/services.ts';
import { busName, stateName } from '../../dapr/components.ts';
import {
  type ClusterContext,
  inCluster,
  metadata,
  namespaces,
  type Part,
  part,
  type System,
  sizeOf,
} from '../context.ts';
import { type Container, type ObjectOf, object } from '../object.ts';
import { spanVariables, tracesSecret } from '../span-export.ts';
import {
  container,
  keptVolumes,
  podTemplate,
  probes,
  service,
  serviceAccount,
  volumeClaim,
} from '../workload.ts';
import { eventBus } from './event-bus.ts';

/** The user `node` of Node's images. */
export const servicesUser = 1000;
const dataDir = '/data';
const secretsDir = '/etc/sightline/secrets';
const authName = 'auth';
export const daprPorts = { http: 3500, metrics: 9090 } as const;

const addressOf = (name: ServiceName): string => inCluster(name, contract[name].port, namespaces.services);

/** The five services, each with its Dapr sidecar, and the bus that the sidecars share. */
export function services(context: ClusterContext): System {
  const shared = part(context, 'services', { namespace: namespaces.services });
  const authSecret = object('Secret', metadata(shared, authName), {
    stringData: { AUTH_SECRET: { secretRef: 'AUTH_SECRET' } },
  });
  const busSecret = object('Secret', metadata(shared, 'event-bus'), {
    stringData: { password: { secretRef: 'EVENT_BUS_PASSWORD' } },
  });
  const bus = eventBus(context, shared, busSecret.metadata.name);
  const secrets = [
    authSecret,
    // Read by the sidecar, which starts with the pod.
    busSecret,
    ...bus.secrets,
    ...tracesSecret(context),
  ];
  return {
    name: 'services',
    objects: [
      ...secrets,
      ...bus.objects,
      ...serviceNames.flatMap((name) => {
        const self = part(context, name, { namespace: namespaces.services, owner: contract[name].team });
        return [
          serviceAccount(self),
          service(self, contract[name].port),
          workload(context, self, name, secrets),
        ];
      }),
      ...(context.stack.config.traffic.rate > 0 ? trafficGenerator(context) : []),
    ],
  };
}

/** Each service keeps its own database in a file, so that there is one instance of it and it has a volume. */
const workload = (
  context: ClusterContext,
  self: Part,
  name: ServiceName,
  secrets: readonly ObjectOf<'Secret'>[],
): ObjectOf<'StatefulSet'> =>
  object('StatefulSet', metadata(self), {
    spec: {
      replicas: 1,
      serviceName: self.name,
      selector: { matchLabels: self.selector },
      template: podTemplate(self, {
        user: servicesUser,
        secrets,
        annotations: {
          'dapr.io/enabled': 'true',
          'dapr.io/app-id': name,
          'dapr.io/app-port': String(contract[name].port),
          'dapr.io/enable-metrics': 'true',
          'dapr.io/metrics-port': String(daprPorts.metrics),
          'dapr.io/log-as-json': 'true',
          // Its pod has no token of the API server to read secrets with.
          'dapr.io/disable-builtin-k8s-secret-store': 'true',
          // The service publishes its last events while it ends.
          'dapr.io/block-shutdown-duration': '10s',
          'dapr.io/sidecar-cpu-request': '50m',
          'dapr.io/sidecar-memory-request': '64Mi',
          'dapr.io/sidecar-memory-limit': '128Mi',
        },
        spec: {
          containers: [
            container({
              name,
              image: context.kubernetes.services.image,
              args: [`services/${name}/main.ts`],
              size: sizeOf(context, 'service'),
              env: variables(context, name),
              ports: [{ name: 'http', containerPort: contract[name].port }],
              ...probes({ live: '/health', ready: '/ready' }),
              volumeMounts: [
                { name: 'data', mountPath: dataDir },
                { name: 'auth', mountPath: secretsDir, readOnly: true },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            }),
          ],
          volumes: [
            { name: 'auth', secret: { secretName: authName, defaultMode: 0o440 } },
            { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
          ],
        },
      }),
      persistentVolumeClaimRetentionPolicy: keptVolumes,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data', labels: self.selector },
          spec: volumeClaim('1Gi', context.kubernetes.storageClass),
        },
      ],
    },
  });

function variables(context: ClusterContext, name: ServiceName): NonNullable<Container['env']> {
  const { stack } = context;
  const values = {
    PORT: String(contract[name].port),
    HOST: '0.0.0.0',
    DATA_DIR: dataDir,
    DAPR_HTTP_PORT: String(daprPorts.http),
    DAPR_PUBSUB: busName,
    DAPR_STATE_STORE: stateName,
    BACKEND_API_URL: addressOf('backend-api'),
    AUTH_SECRET_FILE: `${secretsDir}/AUTH_SECRET`,
    // People of a demonstration, whose passwords everybody can read; the traffic generator is some of them.
    DEMO_USERS: stack.config.traffic.rate > 0 ? '10' : '0',
    LOG_LEVEL: stack.config.services.logLevel,
  };
  return [...Object.entries(values).map(([key, value]) => ({ name: key, value })), ...spanVariables(context)];
}

/** Users that keep the services busy, where there are no others. */
function trafficGenerator(context: ClusterContext) {
  const self = part(context, 'traffic-generator', { namespace: namespaces.services });
  const port = componentPorts.trafficGenerator;
  const values = {
    PORT: String(port),
    HOST: '0.0.0.0',
    BACKEND_API_URL: addressOf('backend-api'),
    RECURRING_TASK_URL: addressOf('recurring-task'),
    NOTIFICATION_URL: addressOf('notification'),
    SYNC_URL: addressOf('sync'),
    AUDIT_URL: addressOf('audit'),
    TRAFFIC_RATE: String(context.stack.config.traffic.rate),
  };
  return [
    serviceAccount(self),
    object('Deployment', metadata(self), {
      spec: {
        replicas: 1,
        selector: { matchLabels: self.selector },
        template: podTemplate(self, {
          user: servicesUser,
          spec: {
            containers: [
              container({
                name: self.name,
                image: context.kubernetes.services.image,
                args: ['services/traffic-generator/main.ts'],
                size: sizeOf(context, 'service'),
                env: Object.entries(values).map(([name, value]) => ({ name, value })),
                ports: [{ name: 'http', containerPort: port }],
                ...probes({ live: '/health', ready: '/health' }),
              }),
            ],
          },
        }),
      },
    }),
  ] as const;
}
