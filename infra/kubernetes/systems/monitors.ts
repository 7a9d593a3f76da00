import { blackboxMetrics } from '../../../telemetry/catalogue/blackbox.ts';
import { kubeletMetrics, kubeStateMetrics } from '../../../telemetry/catalogue/kubernetes.ts';
import { emitterNames } from '../../../telemetry/contract/pipeline.ts';
import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { sampleLimit } from '../../render/prometheus.ts';
import { type ClusterContext, metadata, nameLabel, namespaces, part, type System } from '../context.ts';
import { found, isOurs } from '../existing.ts';
import { kafkaAccess, kafkaExporterName } from '../kafka.ts';
import { alloySamples } from '../log-agents.ts';
import { type ObjectOf, object } from '../object.ts';
import { type Probed, probedAddresses } from '../probed.ts';
import { exporterRelabelling, exporterSamples, podRelabelling, probedSamples } from '../relabelling.ts';
import { selectedBy } from '../workload.ts';
import { blackboxName } from './blackbox.ts';
import { installedOperator } from './operator.ts';

type Endpoint = Readonly<Record<string, unknown>>;

/** What Prometheus scrapes, and with which labels: each target has those that it has on a laptop. */
export function monitors(context: ClusterContext): System {
  const { kubeStateMetrics: stateMetrics, nodeExporter } = context.kubernetes.existing ?? {};
  return {
    name: 'monitors',
    objects: found(context, [
      monitor(context, 'services', {
        namespace: namespaces.services,
        selector: { matchExpressions: [{ key: nameLabel, operator: 'In', values: [...emitterNames] }] },
        endpoints: [pods(context)],
      }),
      // Dapr makes a Service a sidecar, which carries nothing of ours but this.
      monitor(context, 'dapr', {
        namespace: namespaces.services,
        selector: { matchLabels: { 'dapr.io/enabled': 'true' } },
        endpoints: [{ ...pods(context), port: 'dapr-metrics' }],
      }),
      ...[
        'prometheus',
        'alertmanager',
        'loki',
        'grafana',
        blackboxName,
        ...installedOperator(context),
        ...(kafkaAccess(context) ? [kafkaExporterName] : []),
      ]
        .filter((name) => isOurs(context, name))
        .map((name) => monitor(context, name, { selector: selectedBy(name), endpoints: [pods(context)] })),
      agentMonitor(context, 'promtail'),
      agentMonitor(context, 'node-exporter', nodeExporter),
      monitor(context, 'kube-state-metrics', {
        ...(stateMetrics && { namespace: stateMetrics.namespace }),
        selector: selectedBy(stateMetrics?.name ?? 'kube-state-metrics'),
        endpoints: [
          {
            ...common,
            port: stateMetrics?.port ?? 'http',
            honorLabels: true,
            relabelings: exporterRelabelling(context, 'kube-state-metrics'),
            metricRelabelings: exporterSamples('kube-state-metrics', Object.keys(kubeStateMetrics)),
          },
        ],
        // About ten a pod of the whole cluster, most of its series: only all that is declared is too many.
        limit: Math.max(sampleLimit, context.kubernetes.load.series),
      }),
      // The operator keeps a Service of every node's kubelet.
      monitor(context, 'kubelet', {
        namespace: 'kube-system',
        selector: selectedBy('kubelet'),
        endpoints: [
          kubelet(context, '/metrics', 'kubelet'),
          kubelet(context, '/metrics/cadvisor', 'cadvisor'),
        ],
      }),
      ...probedAddresses(context).map((address) => probe(context, address)),
    ]),
  };
}

const common: Endpoint = { scheme: 'http', path: '/metrics' };

const pods = (context: ClusterContext): Endpoint => ({
  ...common,
  port: 'http',
  relabelings: podRelabelling(context),
});

/** Two targets of one address: without a job of its own, `up` of one would overwrite the other's. */
const kubelet = (context: ClusterContext, path: string, job: string): Endpoint => ({
  port: 'https-metrics',
  scheme: 'https',
  path,
  honorLabels: true,
  // A sample's own time is when it was counted; with it, a pod that is gone would linger for five minutes.
  honorTimestamps: false,
  bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
  // Most clusters let kubelets sign their own certificates.
  tlsConfig: { insecureSkipVerify: true },
  relabelings: [{ targetLabel: 'job', replacement: job }, ...exporterRelabelling(context, 'kubelet')],
  metricRelabelings: exporterSamples('kubelet', Object.keys(kubeletMetrics)),
});

function monitor(
  context: ClusterContext,
  name: string,
  spec: {
    readonly namespace?: string;
    readonly selector: object;
    readonly endpoints: readonly Endpoint[];
    /** Samples that a target may have. */
    readonly limit?: number;
  },
): ObjectOf<'ServiceMonitor'> {
  const { namespace = namespaces.stack, selector, endpoints, limit = sampleLimit } = spec;
  return object('ServiceMonitor', metadata(part(context, name)), {
    spec: {
      namespaceSelector: { matchNames: [namespace] },
      selector,
      jobLabel: nameLabel,
      sampleLimit: limit,
      endpoints,
    },
  });
}

/** Agents run on every node and are called by nobody else: no Service. One of others goes by the name that ours has. */
const agentMonitor = (
  context: ClusterContext,
  name: string,
  other?: { readonly namespace: string; readonly name: string; readonly port: string },
): ObjectOf<'PodMonitor'> => {
  const endpoint = pods(context);
  return object('PodMonitor', metadata(part(context, name)), {
    spec: {
      namespaceSelector: { matchNames: [other?.namespace ?? namespaces.agents] },
      selector: selectedBy(other?.name ?? name),
      jobLabel: nameLabel,
      sampleLimit,
      podMetricsEndpoints: [
        other
          ? {
              ...endpoint,
              port: other.port,
              relabelings: [...podRelabelling(context), { targetLabel: 'service', replacement: name }],
            }
          : {
              ...endpoint,
              ...(name === 'promtail' &&
                context.kubernetes.agent === 'alloy' && { metricRelabelings: alloySamples }),
            },
      ],
    },
  });
};

/** Its `up` is the exporter's, so that an address that fails leaves no doubt whether the service was asked at all. */
const probe = (
  context: ClusterContext,
  { way, service, namespace, url, module }: Probed,
): ObjectOf<'Probe'> => {
  const self = part(context, service);
  return object('Probe', metadata(self, `${service}-${way}`), {
    spec: {
      jobName: blackboxName,
      prober: { url: `${blackboxName}.${namespaces.stack}.svc:${componentPorts.blackboxExporter}` },
      module,
      sampleLimit,
      targets: {
        staticConfig: { static: [url], relabelingConfigs: exporterRelabelling(context, blackboxName) },
      },
      metricRelabelings: probedSamples(Object.keys(blackboxMetrics), { service, namespace }),
    },
  });
};
