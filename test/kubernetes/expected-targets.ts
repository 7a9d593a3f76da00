import { z } from 'zod';
import { nameLabel, namespaces } from '../../infra/kubernetes/context.ts';
import { probedAddresses } from '../../infra/kubernetes/probed.ts';
import { emitterNames } from '../../telemetry/contract/pipeline.ts';
import type { Deployment } from './deployment.ts';
import { nodes } from './simulated-cluster.ts';

export type Labels = Readonly<Record<string, string>>;

const pod = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: z.looseObject({ [nameLabel]: z.string() }),
  }),
  spec: z.object({
    containers: z.array(
      z.object({
        name: z.string(),
        ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number() })).default([]),
      }),
    ),
  }),
  status: z.object({ podIP: z.string() }),
});

/** Parts of the stack that are scraped in their pods. */
const components = [
  'alertmanager',
  'blackbox-exporter',
  'grafana',
  'kafka-exporter',
  'loki',
  'node-exporter',
  'prometheus',
  'prometheus-operator',
  'promtail',
];
const scrapedPorts = ['http', 'dapr-metrics'];

/** Every target that the contract's services, their sidecars and the stack's components make in this cluster. */
export async function expectedTargets({ cluster, context }: Deployment): Promise<readonly Labels[]> {
  const { cluster: name, environment } = context.stack.config;
  const where = { cluster: name, environment };
  const pods = z.array(pod).parse(await cluster.list('/api/v1/pods'));
  const scraped = new Set<string>([...emitterNames, ...components]);
  const inPods = pods.flatMap(({ metadata, spec, status }) => {
    const service = metadata.labels[nameLabel];
    if (!scraped.has(service)) return [];
    return spec.containers.flatMap((container) =>
      container.ports
        .filter((port) => scrapedPorts.includes(port.name ?? ''))
        .map((port) => ({
          ...where,
          namespace: metadata.namespace,
          service,
          pod: metadata.name,
          container: container.name,
          // Dapr's own Service has no name of ours on it.
          job: container.name === 'daprd' ? `${service}-dapr` : service,
          instance: `${status.podIP}:${port.containerPort}`,
        })),
    );
  });
  const others = [
    ...exporters(pods),
    ...probedAddresses(context).map(({ url }) => exporter('blackbox-exporter', url)),
  ];
  return [...inPods, ...others.map((other) => ({ ...where, ...other }))];
}

const exporter = (name: string, instance: string): Labels => ({ job: name, service: name, instance });

/** What tells of others carries no namespace, pod or container of its own. */
function exporters(pods: readonly z.infer<typeof pod>[]): readonly Labels[] {
  const ofState = pods.filter(
    ({ metadata }) =>
      metadata.namespace === namespaces.stack && metadata.labels[nameLabel] === 'kube-state-metrics',
  );
  return [
    ...ofState.map(({ status }) => exporter('kube-state-metrics', `${status.podIP}:8080`)),
    ...nodes.flatMap(({ address }) =>
      ['kubelet', 'cadvisor'].map((job) => ({ ...exporter('kubelet', `${address}:10250`), job })),
    ),
  ];
}

/** In an order that does not depend on who found them. */
export const sorted = (targets: readonly Labels[]): readonly Labels[] =>
  targets
    .map((labels) => Object.fromEntries(Object.entries(labels).sort()))
    .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
