import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { alertResendMs } from '../../local/prometheus-flags.ts';
import { productVersions } from '../../versions.ts';
import { type ClusterContext, metadata, type Part, part, partOf, type System, sizeOf } from '../context.ts';
import { found, isOurs } from '../existing.ts';
import { images } from '../images.ts';
import { type ObjectOf, object } from '../object.ts';
import { clusterRole, readOnly } from '../rbac.ts';
import { remoteWriteSecret, remoteWriteSpec } from '../remote-write.ts';
import { prometheusRules } from '../rules.ts';
import { resources } from '../sizes.ts';
import {
  disruptionBudget,
  keptVolumes,
  priorityClassName,
  restrictedPod,
  service,
  serviceAccount,
  spread,
  volumeClaim,
} from '../workload.ts';

/** `host:port` of each replica, by the Service and the StatefulSet that the operator makes. */
export function replicaAddresses(context: ClusterContext): readonly string[] {
  const { name, namespace } = part(context, 'prometheus');
  return Array.from(
    { length: context.kubernetes.prometheus.replicas },
    (_, replica) =>
      `prometheus-${name}-${replica}.prometheus-operated.${namespace}.svc:${componentPorts.prometheus}`,
  );
}

/** Prometheus by the operator, with the rules that it evaluates. */
export function prometheus(context: ClusterContext): System {
  const self = part(context, 'prometheus');
  const { replicas } = context.kubernetes.prometheus;
  const rules = found(context, prometheusRules(context, self));
  if (!isOurs(context, self.name)) return { name: self.name, objects: rules };
  return {
    name: 'prometheus',
    objects: [
      serviceAccount(self),
      ...clusterRole(self, [
        // What service discovery looks at.
        { apiGroups: [''], resources: ['nodes', 'services', 'endpoints', 'pods'], verbs: readOnly },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: readOnly },
        // The kubelet asks the API server whether its metrics may be read.
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { nonResourceURLs: ['/metrics', '/metrics/cadvisor'], verbs: ['get'] },
      ]),
      // A person who looks at two replicas must not jump between them: each has gaps of its own.
      service(self, componentPorts.prometheus, { sessionAffinity: 'ClientIP' }),
      custom(context, self),
      ...remoteWriteSecret(self, context.stack.config.prometheus.remoteWrite ?? {}),
      ...disruptionBudget(self, replicas),
      ...rules,
    ],
  };
}

function custom(context: ClusterContext, self: Part): ObjectOf<'Prometheus'> {
  const { stack, kubernetes } = context;
  const { config, urls } = stack;
  const { retentionTime, retentionSize, remoteWrite } = config.prometheus;
  const ours = { matchLabels: partOf };
  const other = kubernetes.existing?.alertmanager;
  return object('Prometheus', metadata(self), {
    spec: {
      replicas: kubernetes.prometheus.replicas,
      image: images.prometheus,
      version: productVersions.prometheus.version,
      externalUrl: urls.prometheus,
      podMetadata: { labels: self.labels },
      serviceAccountName: self.name,
      priorityClassName,
      securityContext: restrictedPod(65_534),
      // It writes what it holds in memory before it ends.
      terminationGracePeriodSeconds: 600,
      persistentVolumeClaimRetentionPolicy: keptVolumes,
      resources: resources(sizeOf(context, 'prometheus')),
      ...spread(self.selector),
      portName: 'http',
      logFormat: 'json',
      scrapeInterval: config.scrapeInterval,
      scrapeTimeout: config.scrapeInterval,
      evaluationInterval: config.scrapeInterval,
      externalLabels: { cluster: config.cluster, environment: config.environment },
      retention: retentionTime,
      retentionSize,
      ...(remoteWrite && { remoteWrite: [remoteWriteSpec(remoteWrite)] }),
      storage: {
        volumeClaimTemplate: {
          spec: volumeClaim(volumeFor(retentionSize), kubernetes.storageClass),
        },
      },
      // Endpoints are deprecated, and end at a thousand addresses.
      serviceDiscoveryRole: 'EndpointSlice',
      enableFeatures: ['exemplar-storage'],
      // What fired in Loki's ruler comes this way.
      enableRemoteWriteReceiver: true,
      exemplars: { maxSize: 100_000 },
      // Only what this program makes, from its own namespace.
      ruleSelector: ours,
      serviceMonitorSelector: ours,
      podMonitorSelector: ours,
      probeSelector: ours,
      alerting: {
        alertmanagers: [
          {
            ...(other
              ? { namespace: other.namespace, name: other.service, port: other.port }
              : { namespace: self.namespace, name: 'alertmanager', port: 'http' }),
            apiVersion: 'v2',
          },
        ],
      },
      rules: { alert: { resendDelay: `${alertResendMs(stack.timeScale) / 1000}s` } },
    },
  });
}

const gigabytes: Readonly<Record<string, number>> = { MB: 1e-3, GB: 1, TB: 1e3 };

/** Disk for that many samples, and a fifth for the write-ahead log and compactions, which the limit does not count. */
function volumeFor(retentionSize: string): string {
  const bytes = Number.parseInt(retentionSize, 10) * (gigabytes[retentionSize.slice(-2)] ?? 1) * 1e9;
  return `${Math.ceil((bytes * 1.2) / 2 ** 30)}Gi`;
}
