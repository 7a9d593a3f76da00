import { type ClusterContext, metadata, part, type System, sizeOf } from '../context.ts';
import { images } from '../images.ts';
import { object } from '../object.ts';
import { clusterRole } from '../rbac.ts';
import { container, podTemplate, probes, service, serviceAccount } from '../workload.ts';

export const kubeStateMetricsPort = 8080;
const telemetryPort = 8081;

/** What rules and dashboards ask about, and no other: it needs rights for nothing else. */
const watched = {
  '': ['nodes', 'pods'],
  apps: ['daemonsets', 'deployments', 'statefulsets'],
  batch: ['jobs'],
} as const;

/** Tells Prometheus what the API server knows of workloads. */
export function kubeStateMetrics(context: ClusterContext): System {
  const self = part(context, 'kube-state-metrics');
  const workload = object('Deployment', metadata(self), {
    spec: {
      replicas: 1,
      // Two at once would count everything twice.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: self.selector },
      template: podTemplate(self, {
        user: 65_534,
        spec: {
          automountServiceAccountToken: true,
          containers: [
            container({
              name: 'kube-state-metrics',
              image: images['kube-state-metrics'],
              args: [
                `--port=${kubeStateMetricsPort}`,
                `--telemetry-port=${telemetryPort}`,
                `--resources=${Object.values(watched).flat().sort().join(',')}`,
              ],
              size: sizeOf(context, 'kube-state-metrics'),
              ports: [
                { name: 'http', containerPort: kubeStateMetricsPort },
                { name: 'telemetry', containerPort: telemetryPort },
              ],
              ...probes({ live: '/livez', ready: '/livez' }),
              readinessProbe: { httpGet: { path: '/readyz', port: 'telemetry' }, periodSeconds: 5 },
            }),
          ],
        },
      }),
    },
  });
  return {
    name: 'kube-state-metrics',
    objects: [
      serviceAccount(self),
      ...clusterRole(
        self,
        Object.entries(watched).map(([group, resources]) => ({
          apiGroups: [group],
          resources: [...resources],
          verbs: ['list', 'watch'],
        })),
      ),
      service(self, kubeStateMetricsPort),
      workload,
    ],
  };
}
