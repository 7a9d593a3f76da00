import { type ClusterContext, metadata, part, type System, sizeOf } from '../context.ts';
import { images } from '../images.ts';
import { object } from '../object.ts';
import { clusterRole, readOnly, role } from '../rbac.ts';
import { container, podTemplate, probes, service, serviceAccount } from '../workload.ts';

export const operatorName = 'prometheus-operator';
export const operatorPort = 8080;

/** Where the operator keeps the addresses of every node's kubelet, as its bundle does. */
const kubeletService = { namespace: 'kube-system', name: 'kubelet' } as const;

const managed = ['get', 'list', 'watch', 'create', 'update', 'delete'];

/** What it runs with here, and in tests against a real API server. */
export const operatorArguments = (namespace: string): readonly string[] => [
  // Several operators may share a cluster: this one sees nothing but our objects, and needs rights to no others.
  `--namespaces=${namespace}`,
  `--kubelet-service=${kubeletService.namespace}/${kubeletService.name}`,
  // Endpoints are deprecated, and end at a thousand nodes.
  '--kubelet-endpoints=false',
  '--kubelet-endpointslice=true',
  `--prometheus-config-reloader=${images['prometheus-config-reloader']}`,
  '--config-reloader-cpu-request=10m',
  '--config-reloader-cpu-limit=0',
  '--config-reloader-memory-request=32Mi',
  '--config-reloader-memory-limit=64Mi',
  '--enable-config-reloader-probes=true',
  '--disable-unmanaged-prometheus-configuration=true',
  '--log-format=json',
];

/** Its name, where it is installed. */
export const installedOperator = ({ kubernetes }: ClusterContext): readonly string[] =>
  kubernetes.operator === 'install' ? [operatorName] : [];

/** The Prometheus Operator, which makes pods of our Prometheus and Alertmanager; nothing where the cluster has one. */
export function operator(context: ClusterContext): System {
  const name = operatorName;
  if (context.kubernetes.operator === 'existing') return { name, objects: [] };
  const self = part(context, name);
  const workload = object('Deployment', metadata(self), {
    spec: {
      replicas: 1,
      selector: { matchLabels: self.selector },
      template: podTemplate(self, {
        user: 65_534,
        spec: {
          automountServiceAccountToken: true,
          containers: [
            container({
              name,
              image: images[name],
              args: [...operatorArguments(self.namespace)],
              size: sizeOf(context, name),
              ports: [{ name: 'http', containerPort: operatorPort }],
              ...probes({ live: '/healthz', ready: '/healthz' }),
            }),
          ],
        },
      }),
    },
  });
  return {
    name,
    objects: [
      serviceAccount(self),
      ...clusterRole(self, [
        { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
        // A volume's class that does not exist is told at once.
        { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'] },
        // It asks whether it may do so anywhere, and else tells nobody what it did.
        { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
      ]),
      ...role(self, [
        { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
        {
          apiGroups: ['monitoring.coreos.com'],
          resources: [
            'prometheuses',
            'alertmanagers',
            'alertmanagerconfigs',
            'prometheusrules',
            'servicemonitors',
            'podmonitors',
            'probes',
          ],
          verbs: readOnly,
        },
        {
          apiGroups: ['monitoring.coreos.com'],
          resources: ['prometheuses', 'alertmanagers'].flatMap((kind) => [
            `${kind}/status`,
            `${kind}/finalizers`,
          ]),
          verbs: ['update', 'patch'],
        },
        { apiGroups: ['apps'], resources: ['statefulsets'], verbs: managed },
        { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: managed },
        { apiGroups: [''], resources: ['services'], verbs: ['get', 'create', 'update'] },
        { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      ]),
      ...role(
        self,
        [
          { apiGroups: [''], resources: ['services'], verbs: ['get', 'create', 'update'] },
          {
            apiGroups: ['discovery.k8s.io'],
            resources: ['endpointslices'],
            verbs: ['get', 'list', 'create', 'update', 'delete'],
          },
        ],
        kubeletService.namespace,
      ),
      service(self, operatorPort),
      workload,
    ],
  };
}
