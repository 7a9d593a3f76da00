import { pipelineServices } from '../../telemetry/contract/pipeline.ts';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { serviceNames, services } from '../../telemetry/contract/services.ts';
import { isDistributed, lokiStore } from '../config/loki.ts';
import { otlpEndpoint } from '../config/traces.ts';
import { lokiCaches } from '../loki/targets.ts';
import { type ClusterContext, namespaces } from './context.ts';
import { isOurs, sourcesOf } from './existing.ts';
import { type Flow, flow, type Party, type Ports, portOf } from './flow.ts';
import { hasOwnKafka, kafkaAccess, kafkaExporterName, kafkaName } from './kafka.ts';
import { storePorts } from './loki-bucket.ts';
import { probedAddresses } from './probed.ts';
import { kubeStateMetricsPort } from './systems/kube-state-metrics.ts';
import { cachePort } from './systems/loki-cache.ts';
import { lokiPorts } from './systems/loki-distributed.ts';
import { installedOperator, operatorName, operatorPort } from './systems/operator.ts';
import { daprPorts } from './systems/services.ts';

/** Parts that network policies can hold, by namespace. The node exporter is on its node's network, out of their reach. */
const inside = {
  prometheus: namespaces.stack,
  alertmanager: namespaces.stack,
  loki: namespaces.stack,
  grafana: namespaces.stack,
  'kube-state-metrics': namespaces.stack,
  'blackbox-exporter': namespaces.stack,
  jaeger: namespaces.stack,
  [operatorName]: namespaces.stack,
  [kafkaName]: namespaces.stack,
  [kafkaExporterName]: namespaces.stack,
  promtail: namespaces.agents,
} as const;

const party = (name: keyof typeof inside): Party => ({ part: name, namespace: inside[name] });
const service = (name: string): Party => ({ part: name, namespace: namespaces.services });

/** Its address is the cluster's own. Policies see where it listens, not what its Service has: minikube's is at 8443. */
const kubernetesApi: Ports = [443, 6443, 8443];
const kubeletPort = 10_250;
const alertmanagerGossip = 9094;
/** Of Dapr's operator, sentry, placement and scheduler. */
const daprControl: Ports = [6500, 50_001, 50_005, 50_006];
const dns: Ports = [53, { port: 53, protocol: 'UDP' }];
/** NodeLocal DNSCache answers on its node's network, where no selector finds it, at the address that it has everywhere. */
const nodeLocalDns: Party = { address: '169.254.20.10/32' };

/** Processes of the log pipeline that queue and read, and all of them. */
const queueing = ['log-gateway', 'log-ingestor'] as const;
const pipeline = [...queueing, 'log-canary'] as const;

/** Every part that is held, the services included. */
export const parties = (context: ClusterContext): readonly { part: string; namespace: string }[] => [
  ...Object.entries(inside)
    .filter(([part]) => part !== operatorName || installedOperator(context).length > 0)
    .filter(([part]) => isOurs(context, part))
    .filter(([part]) => part !== kafkaName || hasOwnKafka(context))
    .filter(([part]) => part !== kafkaExporterName || kafkaAccess(context))
    .filter(([part]) => part !== 'jaeger' || context.kubernetes.traces?.store === 'jaeger')
    .map(([part, namespace]) => ({ part, namespace })),
  ...lokiCachesOf(context).map((part) => ({ part, namespace: namespaces.stack })),
  ...[
    ...serviceNames,
    ...pipeline,
    ...(context.stack.config.traffic.rate > 0 ? ['traffic-generator'] : []),
  ].map((part) => ({ part, namespace: namespaces.services })),
];

/** How data flows: metrics, alerts, logs, events, requests and what finding each other takes. */
export const flows = (context: ClusterContext): readonly Flow[] =>
  allFlows(context)
    .map(({ from, to, ports }) => ({
      from: placed(context, from),
      to: placed(context, to),
      ports: portsAt(context, to) ?? ports,
    }))
    // What others say to each other is their affair.
    .filter(({ from, to }) => isPart(from) || isPart(to));

const isPart = (party: Party): boolean => party !== 'anywhere' && 'part' in party;

/** The party, or where it is known to be when it is a piece of others. */
function placed(context: ClusterContext, party: Party): Party {
  if (party === 'anywhere' || !('part' in party) || isOurs(context, party.part)) return party;
  const { prometheus, alertmanager, grafana, kubeStateMetrics } = context.kubernetes.existing ?? {};
  const namespaceOf: Readonly<Record<string, string | undefined>> = {
    prometheus: prometheus?.namespace,
    alertmanager: alertmanager?.namespace,
    grafana: grafana?.namespace,
    'kube-state-metrics': kubeStateMetrics?.namespace,
  };
  const namespace = namespaceOf[party.part];
  return namespace === undefined ? 'anywhere' : { namespace };
}

/** Ports of a piece of others; undefined for one of ours. */
function portsAt(context: ClusterContext, party: Party): Flow['ports'] | undefined {
  if (party === 'anywhere' || !('part' in party) || isOurs(context, party.part)) return undefined;
  const sources = sourcesOf(context);
  return party.part === 'prometheus' || party.part === 'alertmanager' || party.part === 'loki'
    ? [{ port: portOf(sources[party.part]) }]
    : undefined;
}

/** As if every piece were ours. */
function allFlows(context: ClusterContext): readonly Flow[] {
  return [
    ...parties(context).flatMap((each) => [
      flow(each, { namespace: 'kube-system' }, dns),
      flow(each, nodeLocalDns, dns),
    ]),
    ...scraping(),
    ...writing(context),
    ...probing(context),
    ...operating(context),
    ...alerting(),
    flow(party('promtail'), party('loki'), [componentPorts.loki]),
    flow(party('promtail'), 'anywhere', kubernetesApi),
    ...keeping(context),
    ...looking(context),
    ...requests(context),
    ...events(context),
    ...sentLogs(context),
    ...brokers(context),
    ...tracing(context),
  ];
}

const scraping = (): readonly Flow[] => [
  ...serviceNames.map((name) =>
    flow(party('prometheus'), service(name), [services[name].port, daprPorts.metrics]),
  ),
  ...(['prometheus', 'alertmanager', 'loki', 'grafana', 'promtail'] as const).map((name) =>
    flow(party('prometheus'), party(name), [componentPorts[name]]),
  ),
  ...pipeline.map((name) => flow(party('prometheus'), service(name), [pipelineServices[name].port])),
  flow(party('prometheus'), party('kube-state-metrics'), [kubeStateMetricsPort]),
  flow(party('prometheus'), 'anywhere', [...kubernetesApi, kubeletPort, componentPorts.nodeExporter]),
  flow(party('kube-state-metrics'), 'anywhere', kubernetesApi),
];

/** Samples that are sent elsewhere too. */
function writing({ stack }: ClusterContext): readonly Flow[] {
  const { remoteWrite } = stack.config.prometheus;
  return remoteWrite ? [flow(party('prometheus'), 'anywhere', [portOf(remoteWrite.url)])] : [];
}

/** From within, each to the port that it serves; from outside, as everybody reaches it. */
function probing(context: ClusterContext): readonly Flow[] {
  const exporter = party('blackbox-exporter');
  const probed = Object.groupBy(probedAddresses(context), ({ way }) => way);
  return [
    flow(party('prometheus'), exporter, [componentPorts.blackboxExporter]),
    ...(probed.health ?? []).map(({ service: name, url }) => flow(exporter, service(name), [portOf(url)])),
    ...(probed.public ? [flow(exporter, 'anywhere', [443])] : []),
  ];
}

/** The operator asks the API server for all that it does; Prometheus and Alertmanager are told by it alone. */
const operating = (context: ClusterContext): readonly Flow[] =>
  installedOperator(context).length === 0
    ? []
    : [
        flow(party(operatorName), 'anywhere', kubernetesApi),
        flow(party('prometheus'), party(operatorName), [operatorPort]),
      ];

const alerting = (): readonly Flow[] => [
  // What fired in its ruler. Prometheus sends alerts to where it scrapes Alertmanager too.
  flow(party('loki'), party('alertmanager'), [componentPorts.alertmanager]),
  flow(party('loki'), party('prometheus'), [componentPorts.prometheus]),
  flow(party('alertmanager'), party('alertmanager'), [
    alertmanagerGossip,
    { port: alertmanagerGossip, protocol: 'UDP' },
  ]),
  // Receivers: Slack, PagerDuty, the heartbeat.
  flow(party('alertmanager'), 'anywhere', [443]),
];

const lokiCachesOf = (context: ClusterContext): readonly string[] =>
  isOurs(context, 'loki') && isDistributed(context.stack.config.loki)
    ? Object.values(lokiCaches).map(({ name }) => name)
    : [];

/** What Loki's processes say to each other, to their caches and to the bucket. */
function keeping(context: ClusterContext): readonly Flow[] {
  const { stack } = context;
  const loki = party('loki');
  const stored = storePorts(lokiStore(stack.config.loki));
  return [
    ...(isDistributed(stack.config.loki) ? [flow(loki, loki, Object.values(lokiPorts))] : []),
    ...lokiCachesOf(context).map((cache) =>
      flow(loki, { part: cache, namespace: namespaces.stack }, [cachePort]),
    ),
    ...(stored.length > 0 ? [flow(loki, 'anywhere', stored)] : []),
  ];
}

function looking({ stack, kubernetes }: ClusterContext): readonly Flow[] {
  const { database } = kubernetes.grafana;
  const { traceStore, grafana } = stack.config;
  const asked = [
    ...(database ? [portOf(database.address)] : []),
    // One of its own is a party by itself.
    ...(traceStore && kubernetes.traces?.store !== 'jaeger' ? [portOf(traceStore.url)] : []),
    ...(grafana?.oidc ? [portOf(grafana.oidc.tokenUrl), portOf(grafana.oidc.userinfoUrl)] : []),
  ];
  return [
    flow({ namespace: kubernetes.ingress.namespace }, party('grafana'), [componentPorts.grafana]),
    ...(['prometheus', 'loki', 'alertmanager'] as const).map((name) =>
      flow(party('grafana'), party(name), [componentPorts[name]]),
    ),
    ...(asked.length > 0 ? [flow(party('grafana'), 'anywhere', [...new Set(asked)])] : []),
  ];
}

function requests({ stack, kubernetes }: ClusterContext): readonly Flow[] {
  const { port } = services['backend-api'];
  const callers = serviceNames.filter((name) => name !== 'backend-api');
  return [
    flow({ namespace: kubernetes.ingress.namespace }, service('backend-api'), [port]),
    ...callers.map((name) => flow(service(name), service('backend-api'), [port])),
    ...(stack.config.traffic.rate > 0
      ? serviceNames.map((name) => flow(service('traffic-generator'), service(name), [services[name].port]))
      : []),
  ];
}

function events({ kubernetes }: ClusterContext): readonly Flow[] {
  return serviceNames.flatMap((name) => [
    flow(service(name), { namespace: 'dapr-system' }, daprControl),
    flow(service(name), 'anywhere', [portOf(kubernetes.services.eventBus)]),
  ]);
}

/** What is sent to the gateway, by whoever has a key of it, and what the pipeline asks. */
function sentLogs({ kubernetes }: ClusterContext): readonly Flow[] {
  const [gateway, ingestor] = [service('log-gateway'), service('log-ingestor')];
  const {
    redis,
    ingestor: { adapter },
  } = kubernetes.logPipeline;
  return [
    flow('anywhere', gateway, [pipelineServices['log-gateway'].port]),
    flow(service('log-canary'), gateway, [pipelineServices['log-gateway'].port]),
    flow(gateway, ingestor, [pipelineServices['log-ingestor'].port]),
    flow(gateway, party('loki'), [componentPorts.loki]),
    flow(ingestor, party('loki'), [componentPorts.loki]),
    flow(gateway, party('prometheus'), [componentPorts.prometheus]),
    ...(redis ? [flow(gateway, 'anywhere', [portOf(redis.address)])] : []),
    // It tells the autoscaler how far behind the ingestors are.
    ...(adapter === undefined
      ? []
      : [flow({ namespace: adapter }, party('prometheus'), [componentPorts.prometheus])]),
  ];
}

/** Who speaks to Kafka: our own broker, or others' by host name. */
function brokers(context: ClusterContext): readonly Flow[] {
  const access = kafkaAccess(context);
  if (!access) return [];
  const { logPipeline, services: keys } = context.kubernetes;
  const clients = [
    party(kafkaExporterName),
    ...(logPipeline.queue === 'kafka' ? queueing.map(service) : []),
    ...(keys.events === 'kafka' ? serviceNames.map(service) : []),
  ];
  const [to, ports] = hasOwnKafka(context)
    ? [party(kafkaName), [componentPorts.kafka]]
    : (['anywhere', [...new Set(access.brokers.map(portOf))]] as const);
  return [
    flow(party('prometheus'), party(kafkaExporterName), [componentPorts.kafkaExporter]),
    ...clients.map((client) => flow(client, to, ports)),
  ];
}

/** Spans to where they are kept, and people's questions about them. */
function tracing({ kubernetes }: ClusterContext): readonly Flow[] {
  const { traces } = kubernetes;
  const endpoint = traces && otlpEndpoint(traces);
  if (!endpoint) return [];
  const senders = [...serviceNames, ...pipeline];
  if (traces.store === 'otlp')
    return senders.map((name) => flow(service(name), 'anywhere', [portOf(endpoint)]));
  return [
    ...senders.map((name) => flow(service(name), party('jaeger'), [componentPorts.otlp])),
    flow(party('grafana'), party('jaeger'), [componentPorts.jaeger]),
  ];
}
